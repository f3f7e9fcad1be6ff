// An OAuth 2 / OpenID Connect server for tests: client credentials and the code flow over https on 127.0.0.1, one issuer per tenant.
//
//   https://localhost:PORT/TENANT/.well-known/openid-configuration   discovery
//   https://localhost:PORT/TENANT/oauth2/v2.0/token                  tokens, at Microsoft Entra's path
//   https://localhost:PORT/TENANT/authorize                          the code flow, which signs in the tenant's only person
//   https://localhost:PORT/control/TENANT                            GET: {"mode","requests"}; PUT ?mode=MODE or ?email=ADDRESS
//
// A tenant exists from the first request that names it, so tests that run side by side take a tenant each.
// Modes of its token endpoint: ok; refuse (401 invalid_client); hang (no answer); 500 (server_error).
//
// Usage: node oauth-server.mjs CERTIFICATE KEY    (PEM files)

import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";

const MODES = ["ok", "refuse", "hang", "500"];
const TOKEN_PATH = "/oauth2/v2.0/token";
const TENANT_LIMIT = 10_000;
const HANG_MILLISECONDS = 120_000;

const [certificatePath, keyPath] = process.argv.slice(2);
const tenants = new Map();
const signingKeys = new OAuth2Issuer().keys;
const signingKey = await signingKeys.generate("RS256");

const server = createServer({ cert: readFileSync(certificatePath), key: readFileSync(keyPath) }, (request, response) => {
    route(request, response).catch(error => {
        console.error(error);
        response.destroy();
    });
});

async function route(request, response) {
    const url = new URL(request.url, "https://localhost");
    const [, first, ...rest] = url.pathname.split("/");
    const tenant = await find(first === "control" ? rest[0] : first);
    if (!tenant) {
        return answer(response, 404, { error: "invalid_tenant" });
    }

    if (first === "control") {
        return control(tenant, request.method, url.searchParams, response);
    }

    request.url = `/${rest.join("/")}${url.search}`;
    if (request.url !== TOKEN_PATH) {
        return tenant.service.requestHandler(request, response);
    }

    tenant.requests++;
    switch (tenant.mode) {
        case "refuse":
            return answer(response, 401, { error: "invalid_client", error_description: "The client was refused." });
        case "500":
            return answer(response, 500, { error: "server_error" });
        case "hang":
            setTimeout(() => request.socket.destroy(), HANG_MILLISECONDS).unref();
            return;
        default:
            return tenant.service.requestHandler(request, response);
    }
}

async function find(name) {
    if (!/^[\w.-]{1,64}$/.test(name ?? "") || (!tenants.has(name) && tenants.size >= TENANT_LIMIT)) {
        return undefined;
    }

    if (!tenants.has(name)) {
        const issuer = new OAuth2Issuer();
        issuer.url = `https://localhost:${server.address().port}/${name}`;
        const tenant = { mode: "ok", requests: 0, service: new OAuth2Service(issuer, { token: TOKEN_PATH }) };
        tenant.service.on("beforeTokenSigning", claimsLikeEntra);
        tenant.service.on("beforeUserinfo", profile => Object.assign(profile.body, { email: tenant.email, email_verified: true }));
        tenants.set(name, tenant);
        tenant.ready = issuer.keys.add(signingKey);
    }

    const tenant = tenants.get(name);
    await tenant.ready;
    return tenant;
}

// Entra names the resource as the audience and the client as the application.
function claimsLikeEntra(token, request) {
    token.payload.aud ??= request.body.scope?.replace(/\/\.default$/, "");
    token.payload.appid = request.body.client_id;
}

function control(tenant, method, parameters, response) {
    if (method === "PUT" && parameters.has("email")) {
        tenant.email = parameters.get("email");
    } else if (method === "PUT") {
        const mode = parameters.get("mode");
        if (!MODES.includes(mode)) {
            return answer(response, 400, { error: `mode is one of ${MODES.join(", ")}` });
        }

        tenant.mode = mode;
    }

    return answer(response, 200, { mode: tenant.mode, requests: tenant.requests });
}

function answer(response, status, body) {
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify(body));
}

server.listen(0, "127.0.0.1", () => console.log(`listening on https://localhost:${server.address().port}`));
