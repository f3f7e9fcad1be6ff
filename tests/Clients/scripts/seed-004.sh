#!/usr/bin/env bash
# The workflow of seed 004 by real curl, each command as it is documented: what a command answers takes the place of the
# example in the next one. Prints each answer on a line.
set -euo pipefail
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# 1. Register user
curl -X POST "http://localhost:8000/api/v1/auth/register" \
  -H "Content-Type: application/json" \
  -d '{
    "username": "testuser",
    "name": "Test User",
    "email": "test@example.com",
    "password": "password123",
    "confirm_password": "password123",
    "type": "Personal"
  }'
echo

# 2. Login to get JWT token
login=$(curl -X POST "http://localhost:8000/api/v1/auth/login" \
  -H "Content-Type: application/json" \
  -d '{
    "email": "test@example.com",
    "password": "password123"
  }')
echo "$login"
jwt=$(field access_token <<<"$login")

# 3. Get API key
key=$(curl -X GET "http://localhost:8000/api/v1/auth/api-key" \
  -H "Authorization: Bearer $jwt")
echo "$key"

# 4. Use API key for requests, in either of the forms that step 3 shows
curl -X POST "http://localhost:8000/api/v1/auth/verify-key" \
  -H "Authorization: Bearer $(field api_key <<<"$key")"
echo
curl -X POST "http://localhost:8000/api/v1/auth/verify-key" \
  -H "Authorization: Bearer $(field key <<<"$key")"
echo

# Message logging, the second request of the documented integration (verify_user, then log_conversation)
curl -X POST "http://localhost:8000/api/v1/auth/log-message" \
  -H "Authorization: Bearer $(field api_key <<<"$key")" \
  -H "Content-Type: application/json" \
  -d '{
    "model": "gpt-3.5-turbo",
    "messages": [
      {"role": "user", "content": "Hello"},
      {"role": "assistant", "content": "Hi there!"}
    ],
    "research_model": false
  }'
echo

# Use token in requests
curl -X GET "http://localhost:8000/api/v1/auth/profile" \
  -H "Authorization: Bearer $jwt"
echo
