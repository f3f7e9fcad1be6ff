// Seed 002 by fetch, as its JavaScript sample calls: JSON with a bearer token; and as a browser does: by the session's cookie.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

const baseUrl = new URL(process.env.BASE_URL).origin;

// The sample's constructor and requests, with the routes of accounts for those of keys.
class Client {
    constructor(baseUrl, token) {
        this.baseUrl = baseUrl;
        this.headers = {
            'Authorization': `Bearer ${token}`,
            'Content-Type': 'application/json'
        };
    }

    async createToken(name) {
        const response = await fetch(`${this.baseUrl}/auth/token`, {
            method: 'POST',
            headers: this.headers,
            body: JSON.stringify({ name })
        });
        return response.json();
    }

    async listTokens() {
        const response = await fetch(`${this.baseUrl}/auth/token`, {
            headers: this.headers
        });
        return response.json();
    }
}

const email = `${randomUUID()}@example.com`;
const password = 'secure-password-123';

const register = () => fetch(`${baseUrl}/auth/register`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email, password }),
});

const login = () => fetch(`${baseUrl}/auth/login`, {
  method: 'POST',
  body: new URLSearchParams({ username: email, password }),
});

test('an account is made, signed in to, and used by cookie and by token', async () => {
  const registered = await (await register()).json();
  assert.deepEqual(
    { ...registered, id: 0 },
    { id: 0, email, is_active: true, is_admin: false, team_id: null, role: null });

  const signedIn = await login();
  const { access_token: session, token_type: type } = await signedIn.json();
  assert.equal(type, 'bearer');
  const cookie = signedIn.headers.getSetCookie().find((each) => each.startsWith('access_token='));
  assert.match(cookie, /httponly/i);

  const byCookie = await fetch(`${baseUrl}/auth/me`, { headers: { cookie: cookie.split(';')[0] } });
  assert.equal((await byCookie.json()).id, registered.id);

  const client = new Client(baseUrl, session);
  const made = await client.createToken('My API Token');
  assert.match(made.token, /^sk-/);
  assert.equal(made.user_id, registered.id);
  const listed = await new Client(baseUrl, made.token).listTokens();
  assert.deepEqual(listed.map((each) => [each.id, each.name, each.token]), [[made.id, 'My API Token', undefined]]);

  const byForeignPage = await fetch(`${baseUrl}/auth/token`, {
    method: 'POST',
    headers: { cookie: cookie.split(';')[0], origin: 'https://elsewhere.example', 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'not mine' }),
  });
  assert.ok(byForeignPage.status >= 400);

  const out = await fetch(`${baseUrl}/auth/logout`, { method: 'POST', headers: { cookie: cookie.split(';')[0] } });
  assert.deepEqual(await out.json(), { message: 'Successfully logged out' });
  assert.equal((await fetch(`${baseUrl}/auth/me`, { headers: { cookie: cookie.split(';')[0] } })).status, 401);
  assert.equal((await fetch(`${baseUrl}/auth/me`, { headers: { authorization: `Bearer ${made.token}` } })).status, 200);
});
