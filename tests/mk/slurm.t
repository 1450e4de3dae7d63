#!/bin/sh
# SMELT_RUN = srun, on a real Slurm of one node that this test starts for itself.
. tests/mk/mk.sh
need slurmctld slurmd srun munged
[ "$(id -u)" = 0 ] || skip_all 'Slurm needs root'

s=$tmp/slurm
mkdir -p "$s/state" "$s/spool"
head -c 1024 /dev/urandom >"$s/munge.key"
chmod 700 "$s"
chmod 400 "$s/munge.key"
chmod 711 "$tmp"
host=$(hostname -s)
# two ports that nobody has now
ports=$(python3 -c 'import socket
a, b = socket.socket(), socket.socket()
a.bind(("", 0)); b.bind(("", 0))
print(a.getsockname()[1], b.getsockname()[1])')
cat >"$s/slurm.conf" <<X
ClusterName=smelt
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$s/munge.sock
CredType=cred/munge
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
StateSaveLocation=$s/state
SlurmdSpoolDir=$s/spool
SlurmctldPidFile=$s/slurmctld.pid
SlurmdPidFile=$s/slurmd.pid
SlurmctldLogFile=$s/slurmctld.log
SlurmdLogFile=$s/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/linear
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP OverSubscribe=FORCE:8
X
export SLURM_CONF="$s/slurm.conf"
munged --force --foreground --key-file="$s/munge.key" --socket="$s/munge.sock" \
	--pid-file="$s/munged.pid" --log-file="$s/munged.log" --seed-file="$s/seed" \
	>/dev/null 2>&1 &
daemons=$!
slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 &
daemons="$daemons $!"
slurmd -D -f "$SLURM_CONF" >/dev/null 2>&1 &
daemons="$daemons $!"
# shellcheck disable=SC2086,SC2154 # words
trap 'kill $daemons 2>/dev/null; wait; rm -rf "$tmp"' EXIT
ready=no
for _ in $(seq 60); do
	if timeout 5 srun -n1 -Q true 2>/dev/null; then
		ready=yes
		break
	fi
	sleep 0.5
done
if [ $ready = no ]; then
	note "$(tail -n 5 "$s"/*.log 2>&1)"
	skip_all 'Slurm does not start here'
fi

project ''
mk 0 'without the cluster'
sums "$lib" >"$tmp/local"
rm -rf "$p/build"
mk 0 'two stages on the cluster' SMELT_RUN_GATE2='srun -n1 -Q' SMELT_RUN_AST='srun -n1 -Q'
is 'all stages ran' "$(ran)" "$(all library)"
sums "$lib" >"$tmp/cluster"
same 'the bytes are the same' "$tmp/cluster" "$tmp/local"
rm -rf "$p/build"
mk 0 'all that is not local' -j4 SMELT_RUN='srun -n1 -Q --overlap'
sums "$lib" >"$tmp/cluster"
same 'the bytes are the same, again' "$tmp/cluster" "$tmp/local"
mk 2 'a stage that fails there' SMELT_RUN_GATE2='srun -n1 -Q' \
	SMELT_FLAGS_GATE2=--no-such-option
like 'its message comes through' "$(cat "$tmp/err")" 'smelt-gate2: error: .*no-such-option'
like 'and its status' "$(cat "$tmp/err")" 'gate2\.key\] Error 2'
done_testing
