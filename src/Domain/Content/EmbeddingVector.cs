using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AiPlatform.Domain.Content;

/// <summary>An embedding of length one, so that a dot product is the cosine similarity.</summary>
public sealed class EmbeddingVector
{
    private readonly float[] _values;

    private EmbeddingVector(float[] values)
    {
        _values = values;
    }

    /// <summary>How many numbers it has.</summary>
    public int Dimensions => _values.Length;

    /// <summary>Scales a vector to length one; one of length zero (or not finite) becomes all zeros, similar to nothing.</summary>
    /// <param name="values">The vector as the model made it.</param>
    public static EmbeddingVector Normalised(ReadOnlySpan<float> values)
    {
        var length = Math.Sqrt(Dot(values, values));
        var scaled = new float[values.Length];
        if (length > 0 && double.IsFinite(length))
        {
            for (var i = 0; i < scaled.Length; i++)
            {
                scaled[i] = (float)(values[i] / length);
            }
        }

        return new EmbeddingVector(scaled);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">32-bit floats, little-endian.</param>
    public static EmbeddingVector FromBytes(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return new EmbeddingVector(values);
    }

    /// <summary>The vector as 32-bit floats, little-endian on every machine.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_values.Length * sizeof(float)];
        for (var i = 0; i < _values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), _values[i]);
        }

        return bytes;
    }

    /// <summary>Cosine similarity, −1 to 1.</summary>
    /// <param name="other">A vector of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public double Similarity(EmbeddingVector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Dimensions == Dimensions
            ? Dot(_values, other._values)
            : throw new ArgumentException("The vectors differ in length.", nameof(other));
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < lefts.Length; i++)
        {
            sums += lefts[i] * rights[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = lefts.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
