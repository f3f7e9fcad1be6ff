using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AiPlatform.Domain.Shared;

/// <summary>
/// Ids of what every call writes, UUIDv7 (RFC 9562, 5.7) as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes them. That one
/// asks the operating system for every id, and a call needs several; this one asks for the randomness of many at once.
/// </summary>
public static class EntityIds
{
    private const int RandomBytes = 10;

    private const int IdsAtOnce = 100;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A new id.</summary>
    /// <param name="now">The time that it begins with, in milliseconds since 1970, UTC.</param>
    public static Guid New(DateTimeOffset now)
    {
        _random ??= new byte[RandomBytes * IdsAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _left = IdsAtOnce;
        }

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        _random.AsSpan(--_left * RandomBytes, RandomBytes).CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
