using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class SecretIssuer(KeyRing keys) : ISecretIssuer, IDisposable
{
    private const int TokenBytes = 32;
    private const int PrefixLength = 8;
    private const int AlphanumericLength = 32;
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // One a thread: every call hashes a secret, and to set a keyed hash up costs more than to take it.
    private readonly ThreadLocal<HMACSHA256> _keyed = Keyed(keys.Key("credentials"));

    public string NewApiKey()
    {
        // Guid.NewGuid promises uniqueness, not unpredictability; this is a secret.
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    public string NewApiKey(ApiKeyKind kind) => kind switch
    {
        ApiKeyKind.Uuid => NewApiKey(),
        ApiKeyKind.Hexadecimal => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)),
        ApiKeyKind.Sk => $"sk-{NewAccessToken()}",
        ApiKeyKind.SkLive => $"sk_live_{RandomNumberGenerator.GetString(Alphanumeric, AlphanumericLength)}",
        ApiKeyKind.Pe => $"pe-{RandomNumberGenerator.GetString(Alphanumeric, AlphanumericLength)}",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public string NewEmailCode() => RandomNumberGenerator.GetString("0123456789", EmailCode.Digits);

    // One in 131,072 begins like a key by chance, and would be looked for among the keys.
    public string NewAccessToken()
    {
        string token;
        do
        {
            token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        }
        while (ApiKeyForms.FormOf(token) is not CredentialForm.AccessToken);

        return token;
    }

    public HashedSecret Hash(string secret) => new(
        Convert.ToHexStringLower(_keyed.Value!.ComputeHash(Encoding.UTF8.GetBytes(secret))),
        secret[..Math.Min(PrefixLength, secret.Length)]);

    public void Dispose() => _keyed.Dispose();

    private static ThreadLocal<HMACSHA256> Keyed(byte[] key) => new(() => new HMACSHA256(key));
}
