// Samples for the rules beside: what follows `ruleid:` must be found, what
// follows `ok:` must not.
function book(db, id) {
    // ruleid: js-sql-text
    db.query(`SELECT * FROM book WHERE id = ${id}`);
    // ruleid: js-sql-text
    db.query('SELECT * FROM book WHERE id = ' + id);
    const sql = `DELETE FROM book WHERE id = ${id}`;
    // ruleid: js-sql-text
    return db.execute(sql);
}

// ok: js-sql-text
db.query('SELECT * FROM book WHERE id = $1', [id]);

// ok: js-sql-text
db.query('SELECT 1 ' + 'FROM book');

const fs = require('fs');
const path = require('path');

app.get('/file', (req, res) => {
    // ruleid: js-path-from-request
    fs.readFile(req.query.name, () => {});
    // ruleid: js-path-from-request
    res.sendFile(path.join('files', req.params.name));
});

app.get('/safe', (req, res) => {
    // ok: js-path-from-request
    res.sendFile('files/readme.txt');
});

app.get('/fetch', async (req, res) => {
    // ruleid: js-ssrf
    const answer = await fetch(req.query.url);
});

// ok: js-ssrf
fetch('https://status.example.org');

app.get('/go', (req, res) => {
    // ruleid: js-redirect
    res.redirect(req.query.next);
});

app.get('/home', (req, res) => {
    // ok: js-redirect
    res.redirect('/');
});

app.get('/hello', (req, res) => {
    // ruleid: js-reflected
    res.send(`<h1>${req.query.name}</h1>`);
});

app.get('/json', (req, res) => {
    // ok: js-reflected
    res.json({ name: req.query.name });
});

function show(element, text) {
    // ruleid: js-inner-html
    element.innerHTML = text;
    // ruleid: js-inner-html
    document.write('<p>' + text);
}

// ok: js-inner-html
element.textContent = text;

// ok: js-inner-html
element.innerHTML = '';

// ruleid: js-react-html
const page = <p dangerouslySetInnerHTML={{ __html: text }} />;

// ok: js-react-html
const plain = <p>{text}</p>;

app.get('/find', (req, res) => {
    // ruleid: js-regex-from-request
    const re = new RegExp(req.query.q);
});

// ok: js-regex-from-request
new RegExp('^a');

// ruleid: js-nosql-where
users.find({ $where: 'this.name == "' + name + '"' });

// ok: js-nosql-where
users.find({ name: name });

const cors = require('cors');

// ruleid: js-cors-any
app.use(cors({ origin: '*', credentials: true }));

// ok: js-cors-any
app.use(cors({ origin: 'https://a.example', credentials: true }));

// ruleid: js-post-message-any
frame.contentWindow.postMessage(data, '*');

// ok: js-post-message-any
frame.contentWindow.postMessage(data, 'https://a.example');

app.get('/login', (req, res) => {
    // ruleid: js-cookie-script
    res.cookie('session', id, { httpOnly: false });
});

app.get('/login2', (req, res) => {
    // ok: js-cookie-script
    res.cookie('session', id, { httpOnly: true });
});

app.get('/named', (req, res) => {
    const name = req.query.name;
    // ruleid: js-path-from-request
    fs.readFile('files/' + name, () => {});
});
