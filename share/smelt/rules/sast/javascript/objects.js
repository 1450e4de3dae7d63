// Samples for the rules beside: what follows `ruleid:` must be found, what
// follows `ok:` must not.
function set(object, key, sub, value) {
    // ruleid: js-proto-assign
    object[key][sub] = value;
}

function put(object, key, value) {
    // ok: js-proto-assign
    object[key] = value;
}

const _ = require('lodash');

app.post('/merge', (req, res) => {
    // ruleid: js-merge-request
    _.merge(config, req.body);
});

app.post('/known', (req, res) => {
    // ok: js-merge-request
    config.name = req.body.name;
});

const serialize = require('node-serialize');

// ruleid: js-unserialize
serialize.unserialize(data);

// ok: js-unserialize
JSON.parse(data);

// ruleid: js-buffer-number
const buffer = new Buffer(size);

// ok: js-buffer-number
const from = Buffer.from(text);

function plugin(name) {
    // ruleid: js-require-value
    return require('./plugins/' + name);
}

// ok: js-require-value
const os = require('os');
