#!/usr/bin/env bash
# Signing in as seed 002 documents it, by real curl: a session's cookie, kept in a file and sent by hand, and a token as bearer.
# Prints each answer on a line.
set -euo pipefail
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

curl -X POST "http://localhost:8800/auth/register" \
  -H "Content-Type: application/json" \
  -d '{"email": "your-email@example.com", "password": "your-password"}'
echo

# Login to get a session cookie
login=$(curl -X POST "http://localhost:8800/auth/login" \
  -H "Content-Type: application/x-www-form-urlencoded" \
  -d "username=your-email@example.com&password=your-password" \
  -c cookies.txt)
echo "$login"

# Use the cookie in subsequent requests
curl -b cookies.txt http://localhost:8800/auth/me
echo
curl -H "Cookie: access_token=$(field access_token <<<"$login")" \
  http://localhost:8800/auth/me
echo

# Include token in Authorization header
token=$(curl -X POST -b cookies.txt "http://localhost:8800/auth/token" \
  -H "Content-Type: application/json" \
  -d '{"name": "My API Token"}')
echo "$token"
curl -H "Authorization: Bearer $(field token <<<"$token")" \
  http://localhost:8800/auth/token
echo

curl -X POST -b cookies.txt http://localhost:8800/auth/logout
echo
curl --no-fail-with-body -b cookies.txt http://localhost:8800/auth/me
echo
