using System.Security.Cryptography;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Encrypts what is kept of answers, AES-256-GCM, each bound to what it was kept for.</summary>
/// <param name="key">32 bytes, of one purpose.</param>
internal sealed class AnswerSeal(byte[] key)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Encrypts.</summary>
    /// <param name="answer">What is kept.</param>
    /// <param name="boundTo">What it is kept for; not part of the result.</param>
    public byte[] Seal(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> boundTo)
    {
        var kept = new byte[NonceLength + TagLength + answer.Length];
        var nonce = kept.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, answer, kept.AsSpan(NonceLength + TagLength), kept.AsSpan(NonceLength, TagLength), boundTo);
        return kept;
    }

    /// <summary>Decrypts; <see langword="null"/> where it was kept under another key, or for something else, or changed since.</summary>
    /// <param name="kept">What <see cref="Seal"/> gave.</param>
    /// <param name="boundTo">What it is kept for.</param>
    public byte[]? Open(ReadOnlySpan<byte> kept, ReadOnlySpan<byte> boundTo)
    {
        if (kept.Length < NonceLength + TagLength)
        {
            return null;
        }

        var answer = new byte[kept.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(kept[..NonceLength], kept[(NonceLength + TagLength)..], kept.Slice(NonceLength, TagLength), answer, boundTo);
            return answer;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
