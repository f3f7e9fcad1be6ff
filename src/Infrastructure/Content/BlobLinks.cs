using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Content;

internal sealed class BlobLinks(KeyRing keys) : IBlobLinks
{
    private readonly byte[] _key = keys.Key("blob-links");

    public string Sign(BlobAddress address, long expires) => Base64Url.EncodeToString(Mac(address, expires));

    public bool IsGenuine(BlobAddress address, long expires, string signature)
    {
        var sent = new byte[HMACSHA256.HashSizeInBytes];
        return Base64Url.IsValid(signature)
            && Base64Url.TryDecodeFromChars(signature, sent, out var length)
            && length == sent.Length
            && CryptographicOperations.FixedTimeEquals(sent, Mac(address, expires));
    }

    // Neither part of an address can hold the separator, so no two links have the same text.
    private byte[] Mac(BlobAddress address, long expires) =>
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{address.Container}\n{address.Name}\n{expires}"));
}
