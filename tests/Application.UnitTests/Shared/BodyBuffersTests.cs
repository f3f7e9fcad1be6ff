using System.Buffers;
using System.Runtime.InteropServices;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.UnitTests.Shared;

/// <summary>The memory that bodies borrow: it keeps what comes, goes back once, and leaves nothing behind.</summary>
public sealed class BodyBuffersTests
{
    private const int Pooled = BodyBuffers.MostPooled / 2;

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(10_000)]
    [TestCase(Pooled + 1)]
    [TestCase(BodyBuffers.MostPooled + 1)]
    public void Room_WhateverIsExpected_KeepsAllThatComes(int expected)
    {
        var body = new byte[BodyBuffers.MostPooled + 100_000];
        new Random(expected).NextBytes(body);
        using var buffers = new BodyBuffers();
        var buffer = buffers.Take();

        for (var left = body.AsMemory(); !left.IsEmpty;)
        {
            var room = buffer.Room(expected);
            var length = Math.Min(Math.Min(room.Length, left.Length), 70_001);
            left[..length].CopyTo(room);
            buffer.Advance(length);
            left = left[length..];
        }

        Assert.That(buffer.Written.Span.SequenceEqual(body), Is.True);
    }

    [Test]
    public void Take_WhenThereAreOthers_SharesNothingWithThem()
    {
        using var buffers = new BodyBuffers();
        var (one, other) = (Filled(buffers, 1), Filled(buffers, 2));

        Assert.That(one.Written.Span.ContainsAnyExcept((byte)1), Is.False);
        Assert.That(other.Written.Span.ContainsAnyExcept((byte)2), Is.False);
    }

    [Test]
    public void Dispose_WhenABodyIsThere_WipesIt()
    {
        var buffers = new BodyBuffers();
        var buffer = Filled(buffers, 1);
        var memory = buffer.Written;

        buffers.Dispose();

        Assert.That(memory.Span.ContainsAnyExcept((byte)0), Is.False);
        Assert.That(buffer.Written.IsEmpty, Is.True);
    }

    [Test]
    public void Dispose_WhenItComesTwice_GivesMemoryBackOnce()
    {
        var buffers = new BodyBuffers();
        Filled(buffers, 1);

        buffers.Dispose();
        buffers.Dispose();

        var rented = Enumerable.Range(0, 8).Select(_ => ArrayPool<byte>.Shared.Rent(Pooled)).ToList();
        Assert.That(rented.Distinct<object>(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(rented.Count));
        rented.ForEach(array => ArrayPool<byte>.Shared.Return(array));
    }

    [Test]
    public void Room_WhenABodyGrows_GivesTheSmallerMemoryBackWiped()
    {
        using var buffers = new BodyBuffers();
        var buffer = buffers.Take();
        buffer.Room(Pooled).Span.Fill(1);
        Assert.That(MemoryMarshal.TryGetArray<byte>(buffer.Room(Pooled), out var smaller), Is.True);
        buffer.Advance(smaller.Count);

        buffer.Room(smaller.Count + 1);

        Assert.That(smaller.AsSpan().ContainsAnyExcept((byte)0), Is.False);
        Assert.That(buffer.Written.Span.ContainsAnyExcept((byte)1), Is.False);
        Assert.That(buffer.Written.Length, Is.EqualTo(smaller.Count));
    }

    private static BodyBuffer Filled(BodyBuffers buffers, byte by)
    {
        var buffer = buffers.Take();
        buffer.Room(Pooled).Span[..Pooled].Fill(by);
        buffer.Advance(Pooled);
        return buffer;
    }
}
