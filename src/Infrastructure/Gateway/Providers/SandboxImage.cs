using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Draws a PNG of two colours that says SANDBOX, the same for the same seed.</summary>
internal static class SandboxImage
{
    private const int LetterWidth = 5;
    private const int LetterHeight = 7;
    private const int Letters = 7;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>S, A, N, D, B, O, X: one row of five dots a line, the leftmost dot highest.</summary>
    private static readonly byte[][] Word =
    [
        [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001],
        [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        [0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b01010, 0b10001],
    ];

    /// <summary>Draws the image.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="seed">At least three bytes, which choose the colour behind the word.</param>
    public static byte[] Draw(int width, int height, ReadOnlySpan<byte> seed)
    {
        using var png = new MemoryStream();
        png.Write(Signature);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (1, 3); // one bit a pixel, into a palette
        WriteChunk(png, "IHDR", header);

        // Dark, so that the white word always stands out.
        WriteChunk(png, "PLTE", [(byte)(seed[0] / 2), (byte)(seed[1] / 2), (byte)(seed[2] / 2), 255, 255, 255]);
        WriteChunk(png, "tEXt", Encoding.Latin1.GetBytes("Comment\0Drawn by the AiPlatform Sandbox. No model was called."));
        WriteChunk(png, "IDAT", Pixels(width, height));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Pixels(int width, int height)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var dot = width / ((LetterWidth + 1) * (Letters + 1));
            var left = (width - (dot * ((LetterWidth + 1) * Letters))) / 2;
            var top = (height - (dot * LetterHeight)) / 2;
            var row = new byte[1 + ((width + 7) / 8)]; // a row begins with its filter, none
            for (var y = 0; y < height; y++)
            {
                Array.Clear(row);
                for (var x = 0; x < width && y >= top; x++)
                {
                    if (x >= left && IsLit((x - left) / dot, (y - top) / dot))
                    {
                        row[1 + (x / 8)] |= (byte)(0x80 >> (x % 8));
                    }
                }

                zlib.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static bool IsLit(int column, int line)
    {
        var (letter, within) = Math.DivRem(column, LetterWidth + 1);
        return line < LetterHeight && letter < Letters && within < LetterWidth
            && (Word[letter][line] & (1 << (LetterWidth - 1 - within))) != 0;
    }

    private static void WriteChunk(Stream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);

        var name = Encoding.ASCII.GetBytes(type);
        png.Write(name);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, name), data));
        png.Write(number);
    }

    /// <summary>The CRC of PNG (ISO 3309); the framework has it only in a package that is not held everywhere.</summary>
    private static uint Checksum(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return crc;
    }
}
