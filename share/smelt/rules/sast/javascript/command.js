// Samples for the rules beside: what follows `ruleid:` must be found, what
// follows `ok:` must not.
const { exec } = require('child_process');
const cp = require('node:child_process');

function list(dir) {
    // ruleid: js-child-process-exec
    exec(`ls ${dir}`);
    // ruleid: js-child-process-exec
    return cp.execSync('ls ' + dir);
}

// ok: js-child-process-exec
cp.execFile('ls', [dir]);

// ok: js-child-process-exec
exec('ls -l');

// ruleid: js-spawn-shell
cp.spawn(name, args, { cwd: '/', shell: true });

// ok: js-spawn-shell
cp.spawn(name, args, { cwd: '/' });

function run(text) {
    // ruleid: js-eval
    return eval(text);
}

function compile(text) {
    // ruleid: js-eval
    return new Function('a', text);
}

// ok: js-eval
eval('1 + 1');

// ok: js-eval
JSON.parse(text);

const vm = require('vm');

function sandbox(text) {
    // ruleid: js-vm-run
    return vm.runInNewContext(text, {});
}

// ok: js-vm-run
vm.runInNewContext('1 + 1', {});
