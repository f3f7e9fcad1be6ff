#!/usr/bin/env bash
# The six token routes of seed 003 in the order of its test, by real curl. Prints each answer on a line.
set -euo pipefail
base=http://localhost:8000
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
json=(-H 'Content-Type: application/json')

curl -X POST "$base/auth/register" "${json[@]}" -d '{"email":"tokens@example.com","password":"password123"}' >&2
token=$(curl -X POST "$base/auth/login" "${json[@]}" -d '{"email":"tokens@example.com","password":"password123"}' | field access_token)
bearer=(-H "Authorization: Bearer $token")

curl "${bearer[@]}" "$base/tokens/balance"
echo
curl "${bearer[@]}" "$base/tokens/limits"
echo
curl "${bearer[@]}" "$base/tokens/usage"
echo
curl "${bearer[@]}" "$base/tokens/stats"
echo
curl -X POST "${bearer[@]}" "$base/tokens/reserve?amount=500"
echo
curl -X POST "${bearer[@]}" "$base/tokens/consume?amount=500&provider=openrouter&model_name=gpt-4o-mini"
echo
