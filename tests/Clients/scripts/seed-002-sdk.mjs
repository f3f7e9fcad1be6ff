// Seed 002's SDK samples. The JavaScript class stands as the document prints it; the Python class is here by what the library
// `requests` sends for it. Both have methods for the private AI keys alone, which the platform does not serve.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';

const baseUrl = new URL(process.env.BASE_URL).origin;

class AmazeeAI {
    constructor(baseUrl, token) {
        this.baseUrl = baseUrl;
        this.headers = {
            'Authorization': `Bearer ${token}`,
            'Content-Type': 'application/json'
        };
    }

    async createKey(name, regionId) {
        const response = await fetch(`${this.baseUrl}/private-ai-keys`, {
            method: 'POST',
            headers: this.headers,
            body: JSON.stringify({ name, region_id: regionId })
        });
        return response.json();
    }

    async listKeys() {
        const response = await fetch(`${this.baseUrl}/private-ai-keys`, {
            headers: this.headers
        });
        return response.json();
    }
}

// What `requests` sends: its own headers, those of the class, and JSON with a blank after each colon and comma.
const pythonRequest = (method, path, token, json) => fetch(`${baseUrl}${path}`, {
  method,
  headers: {
    'User-Agent': 'python-requests/2.32.3',
    'Accept-Encoding': 'gzip, deflate',
    'Accept': '*/*',
    'Authorization': `Bearer ${token}`,
    ...(json && { 'Content-Type': 'application/json' }),
  },
  body: json,
});

// Where nothing is served, the documented clients read this, and a status of 404.
const notServed = { detail: 'Not Found' };

const email = `${randomUUID()}@example.com`;
const password = 'secure-password-123';
const account = {};

before(async () => {
  const registered = await fetch(`${baseUrl}/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  account.id = (await registered.json()).id;
  const signedIn = await fetch(`${baseUrl}/auth/login`, { method: 'POST', body: new URLSearchParams({ username: email, password }) });
  account.session = (await signedIn.json()).access_token;
});

test('the headers of the JavaScript class identify the account, by a session and by a token that they made', async () => {
  const client = new AmazeeAI(baseUrl, account.session);
  const made = await (await fetch(`${client.baseUrl}/auth/token`, {
    method: 'POST',
    headers: client.headers,
    body: JSON.stringify({ name: 'My API Token' }),
  })).json();

  for (const each of [client, new AmazeeAI(baseUrl, made.token)]) {
    const me = await (await fetch(`${each.baseUrl}/auth/me`, { headers: each.headers })).json();
    assert.deepEqual(me, { id: account.id, email, is_active: true, is_admin: false, team_id: null, role: null });
  }
});

test('the methods of the JavaScript class are answered that their route is not served', async () => {
  const client = new AmazeeAI(baseUrl, account.session);

  assert.deepEqual(await client.createKey('My AI Key', 1), notServed);
  assert.deepEqual(await client.listKeys(), notServed);
});

test('the requests of the Python class identify the account', async () => {
  const made = await (await pythonRequest('POST', '/auth/token', account.session, '{"name": "My API Token"}')).json();
  const me = await (await pythonRequest('GET', '/auth/me', made.token)).json();

  assert.deepEqual([me.id, me.email], [account.id, email]);
});

test('the methods of the Python class are answered that their route is not served', async () => {
  const created = await pythonRequest('POST', '/private-ai-keys', account.session, '{"name": "My AI Key", "region_id": 1}');
  const listed = await pythonRequest('GET', '/private-ai-keys', account.session);

  assert.deepEqual([created.status, await created.json()], [404, notServed]);
  assert.deepEqual([listed.status, await listed.json()], [404, notServed]);
});
