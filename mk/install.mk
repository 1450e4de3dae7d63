# install.mk: install and uninstall (DESTDIR, PREFIX), dist, help.

DESTDIR ?=

.PHONY: install uninstall dist help
install: all
	@sh mk/installed.sh '$(O)' '$(PREFIX)' | while IFS='	' read -r mode from to; do \
		mkdir -p "$(DESTDIR)$${to%/*}" && \
		install -m "$$mode" "$$from" "$(DESTDIR)$$to" || exit 2; \
	done

# Exactly what install put there; share/smelt is ours, other folders are not.
uninstall:
	@sh mk/installed.sh '$(O)' '$(PREFIX)' | while IFS='	' read -r mode from to; do \
		rm -f "$(DESTDIR)$$to" || exit 2; \
	done
	@[ ! -d '$(DESTDIR)$(PREFIX)/share/smelt' ] || \
		find '$(DESTDIR)$(PREFIX)/share/smelt' -depth -type d -empty -delete

# The committed tree; the same commit gives the same bytes.
dist:
	@mkdir -p '$(O)'
	@git diff --quiet HEAD || echo 'note: changes not committed are not in it' >&2
	@git -c tar.umask=0022 archive --format=tar --prefix=smelt-$(VERSION)/ HEAD \
		>'$(O)/smelt-$(VERSION).tar.new'
	@gzip -9n <'$(O)/smelt-$(VERSION).tar.new' >'$(O)/smelt-$(VERSION).tar.gz'
	@rm '$(O)/smelt-$(VERSION).tar.new'
	@echo '$(O)/smelt-$(VERSION).tar.gz'

help:
	@cat mk/help.txt
