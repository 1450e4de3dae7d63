// Samples for the rules beside: what follows `ruleid:` must be found, what
// follows `ok:` must not.
const crypto = require('node:crypto');

// ruleid: js-weak-hash
crypto.createHash('md5').update(data);

// ok: js-weak-hash
crypto.createHash('sha256').update(data);

// ruleid: js-weak-cipher
crypto.createCipher('aes-256-cbc', 'password');

// ruleid: js-weak-cipher
crypto.createCipheriv('des-cbc', key, iv);

// ok: js-weak-cipher
crypto.createCipheriv('aes-256-gcm', key, iv);

const https = require('https');

// ruleid: js-tls-verify-off
const agent = new https.Agent({ rejectUnauthorized: false });
// ruleid: js-tls-verify-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

// ok: js-tls-verify-off
const good = new https.Agent({ keepAlive: true });

const jwt = require('jsonwebtoken');

// ruleid: js-jwt-unverified
jwt.verify(token, key, { algorithms: ['HS256', 'none'] });

// ok: js-jwt-unverified
jwt.verify(token, key, { algorithms: ['HS256'] });

// ruleid: js-jwt-secret
jwt.sign({ id }, 'development key');

// ok: js-jwt-secret
jwt.sign({ id }, process.env.JWT_KEY);

// ruleid: js-random-secret
const sessionToken = Math.random().toString(36);

// ok: js-random-secret
const colour = Math.random() * 360;
