using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway.Relay;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>Members of an object are set, added and left out, and every other byte stays as it is.</summary>
public sealed class JsonMembersTests
{
    private static readonly JsonMember Set = new("a", "[1]"u8.ToArray());
    private static readonly JsonMember LeftOut = new("b", default);

    [TestCase("""{"a":0}""", """{"a":[1]}""")]
    [TestCase("""{"\u0061":0,"x":1}""", """{"a":[1],"x":1}""")]
    [TestCase("""{}""", """{"a":[1]}""")]
    [TestCase(""" { } """, """ { "a":[1]} """)]
    [TestCase("""{"x":1}""", """{"x":1,"a":[1]}""")]
    [TestCase("""{ "x" : 1 }""", """{ "x" : 1 ,"a":[1]}""")]
    [TestCase("""{"b":2}""", """{"a":[1]}""")]
    [TestCase("""{"b":2,"x":1}""", """{"x":1,"a":[1]}""")]
    [TestCase("""{ "b":2 , "x":1 }""", """{ "x":1 ,"a":[1]}""")]
    [TestCase("""{"x":1,"b":2}""", """{"x":1,"a":[1]}""")]
    [TestCase("""{"x":1 , "b":2 , "y":{"a":0,"b":[2]}}""", """{"x":1 , "y":{"a":0,"b":[2]},"a":[1]}""")]
    [TestCase("""{"b":2,"a":0}""", """{"a":[1]}""")]
    [TestCase("""{"a":0,"b":2}""", """{"a":[1]}""")]
    [TestCase("""{"b":2,"b":3,"x":1,"b":4,"b":5}""", """{"x":1,"a":[1]}""")]
    [TestCase("""{"a":0,"x":1,"a":2,"y":3}""", """{"a":[1],"x":1,"y":3}""")]
    [TestCase("""{"x": "a,\"b\":1}" ,"b":"}", "y":[{ }]}""", """{"x": "a,\"b\":1}", "y":[{ }],"a":[1]}""")]
    [TestCase("""{"\ud800":1,"b":2}""", """{"\ud800":1,"a":[1]}""")]
    public void Set_AnyObject_ChangesTheMembersAndNoOtherByte(string json, string expected)
    {
        var changed = JsonMembers.Set(Encoding.UTF8.GetBytes(json), Set, LeftOut);

        Assert.That(Encoding.UTF8.GetString(changed.Span), Is.EqualTo(expected));
        Assert.That(() => JsonDocument.Parse(changed), Throws.Nothing);
    }

    [Test]
    public void Set_WhenNothingChanges_IsTheSameText()
    {
        var json = """ {"x" : [1, 2] ,"y":"\u00e9"} """u8.ToArray();

        Assert.That(JsonMembers.Set(json).ToArray(), Is.EqualTo(json));
    }

    [Test]
    public void Edit_WhenMembersStay_CopiesNoneOfThem()
    {
        ReadOnlyMemory<byte> json = Encoding.UTF8.GetBytes($$"""{"a":0,"x":"{{new string('x', 100_000)}}","b":2,{{Many(10_000)}}}""");

        var changed = JsonMembers.Edit(json, Set, LeftOut);

        var copied = 0L;
        var pieces = 0;
        foreach (var piece in changed)
        {
            copied += piece.Span.Overlaps(json.Span) ? 0 : piece.Length;
            pieces++;
        }

        Assert.That(copied, Is.EqualTo("\"a\":[1]"u8.Length));
        Assert.That(pieces, Is.LessThanOrEqualTo(4));
        Assert.That(changed.ToArray(), Is.EqualTo(JsonMembers.Set(json, Set, LeftOut).ToArray()));
    }

    private static string Many(int members) => string.Join(" , ", Enumerable.Range(0, members).Select(number => $"\"m{number}\":{number}"));
}
