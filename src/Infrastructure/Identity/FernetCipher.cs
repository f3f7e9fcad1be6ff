using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>
/// Writes and reads Fernet tokens (github.com/fernet/spec): <c>0x80 | time | IV | AES-128-CBC | HMAC-SHA256</c>, as base64url with padding.
/// </summary>
internal sealed class FernetCipher(IOptions<FernetOptions> options, KeyRing keys, TimeProvider time) : IKeyCiphertext
{
    private const byte Version = 0x80;
    private const int HalfKey = 16;
    private const int HeaderLength = 1 + sizeof(long);

    private readonly byte[] _key = KeyOf(options.Value.Key, keys);

    public string Encrypt(string apiKey)
    {
        var iv = RandomNumberGenerator.GetBytes(HalfKey);
        using var aes = Aes.Create();
        aes.Key = _key[HalfKey..];
        var encrypted = aes.EncryptCbc(Encoding.UTF8.GetBytes(apiKey), iv);
        var token = new byte[HeaderLength + iv.Length + encrypted.Length + HMACSHA256.HashSizeInBytes];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), time.GetUtcNow().ToUnixTimeSeconds());
        iv.CopyTo(token, HeaderLength);
        encrypted.CopyTo(token, HeaderLength + iv.Length);
        var signed = token.AsSpan(..^HMACSHA256.HashSizeInBytes);
        HMACSHA256.HashData(_key.AsSpan(..HalfKey), signed, token.AsSpan(signed.Length));
        return Convert.ToBase64String(token).Replace('+', '-').Replace('/', '_');
    }

    public string? Decrypt(string token)
    {
        var text = token.TrimEnd('=');
        if (!Base64Url.IsValid(text, out var length) || length < HeaderLength + (2 * HalfKey) + HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        var signed = bytes.AsSpan(..^HMACSHA256.HashSizeInBytes);
        var signature = HMACSHA256.HashData(_key.AsSpan(..HalfKey), signed);
        if (bytes[0] != Version || !CryptographicOperations.FixedTimeEquals(signature, bytes.AsSpan(signed.Length)))
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.Key = _key[HalfKey..];
        return Encoding.UTF8.GetString(aes.DecryptCbc(signed[(HeaderLength + HalfKey)..], signed.Slice(HeaderLength, HalfKey)));
    }

    private static byte[] KeyOf(string? configured, KeyRing keys)
    {
        if (string.IsNullOrEmpty(configured))
        {
            return keys.Key("fernet");
        }

        const int keyLength = 2 * HalfKey;
        return Base64Url.IsValid(configured, out var length) && length == keyLength
            ? Base64Url.DecodeFromChars(configured)
            : HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(configured), keyLength);
    }
}
