using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.UnitTests.Gateway.Translation;

/// <summary>Requests and answers are strangers' input: whatever they hold, they are translated or refused, and nothing else.</summary>
[TestFixture]
public sealed class StrangeInputTests
{
    private static readonly string[] Replacements =
        ["null", "true", "-1", "1e999", "\"\"", "\"\\ud83d\"", "[]", "[null]", "{}", "{\"type\":\"text\"}"];

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<string> Inputs => GoldenCases.InputsIn(GoldenCases.Folder);

    [TestCaseSource(nameof(Inputs))]
    public void Input_WhenAnyOfItsValuesIsAnother_IsTranslatedOrRefused(string input)
    {
        var text = File.ReadAllText(Path.Combine(GoldenCases.Folder, input));
        var isStream = input.EndsWith(".sse", StringComparison.Ordinal);
        foreach (var (document, changed) in isStream ? ChangedEvents(text) : Changed(text).Select(json => (json, json)))
        {
            Assert.That(() => JsonIn(Translate(input, document)), Throws.Nothing, changed);
        }
    }

    [TestCase("messages-over-chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"a\ud83d"}]}]}""", "a\\ud83d")]
    [TestCase(
        "chat-over-messages",
        """{"messages":[{"role":"system","content":"\udc00"},{"role":"user","content":"a\ud83d"}]}""",
        "a\\ud83d")]
    [TestCase("responses-over-messages", """{"input":"a\ud83d"}""", "a\\ud83d")]
    public void Request_WithHalfOfASurrogatePair_KeepsIt(string translation, string body, string kept)
    {
        var translated = GoldenCases.Create(translation).Request(Encoding.UTF8.GetBytes(body));

        Assert.That(Encoding.UTF8.GetString(translated.Span), Does.Contain(kept));
    }

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Names))]
    public void Answer_WhenItIsNone_IsReported(string translation)
    {
        string[] bodies = ["", "<html>", "[]", "7", "{}", "{\"choices\":[]}", "{\"choices\":[7],\"content\":7}", "{\"a\":\"\u00ff\"}"];
        foreach (var body in bodies)
        {
            // Latin-1, so that the last one is no UTF-8.
            var bytes = Encoding.Latin1.GetBytes(body);

            Assert.That(() => GoldenCases.Create(translation).Answer(bytes), Throws.InstanceOf<FormatException>(), body);
        }
    }

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Names))]
    public void Stream_WhenAnEventIsNoJson_IsReported(string translation)
    {
        var stream = GoldenCases.Create(translation).Stream();

        void Translate() => stream.Translate(string.Empty, "<html>"u8.ToArray(), new ArrayBufferWriter<byte>());

        Assert.That(() => Translate(), Throws.InstanceOf<FormatException>());
    }

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Names))]
    public void Stream_WhenItEndsTwice_WritesItsEndOnce(string translation)
    {
        var stream = GoldenCases.Create(translation).Stream();
        var output = new ArrayBufferWriter<byte>();
        stream.End(output);
        var once = output.WrittenCount;

        stream.End(output);

        Assert.Multiple(() =>
        {
            Assert.That(once, Is.Positive);
            Assert.That(output.WrittenCount, Is.EqualTo(once));
        });
    }

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Names))]
    public void Error_WhenItsBodyIsNoJson_SaysTheStatus(string translation)
    {
        var error = GoldenCases.Create(translation).Error(502, "<html>Bad gateway</html>"u8.ToArray());

        const string Message = "\"message\":\"The model provider answered 502 without saying why\"";
        Assert.That(Encoding.UTF8.GetString(error.Span), Does.Contain(Message));
    }

    private static string Translate(string input, string text)
    {
        var translation = GoldenCases.Create(Path.GetDirectoryName(input)!);
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return Path.GetFileName(input).Split('.')[1] switch
            {
                "request" => Encoding.UTF8.GetString(translation.Request(bytes).Span),
                "answer" => Encoding.UTF8.GetString(translation.Answer(bytes).Span),
                "stream" => GoldenCases.Stream(translation.Stream(), bytes),
                _ => Encoding.UTF8.GetString(translation.Error(400, bytes).Span),
            };
        }
        catch (Exception refused) when (refused is RefusedException or FormatException)
        {
            return string.Empty;
        }
    }

    /// <summary>Fails where what was written is not JSON, or not a stream of it.</summary>
    private static void JsonIn(string translated)
    {
        foreach (var line in translated.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("event: ", StringComparison.Ordinal) && line is not "data: [DONE]")
            {
                JsonDocument.Parse(line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : translated).Dispose();
            }
        }
    }

    private static IEnumerable<(string Document, string Changed)> ChangedEvents(string stream)
    {
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < events.Length; at++)
        {
            var data = events[at].IndexOf('{', StringComparison.Ordinal);
            if (data < 0)
            {
                continue;
            }

            foreach (var changed in Changed(events[at][data..]))
            {
                var others = events.ToArray();
                others[at] = events[at][..data] + changed;
                yield return (string.Join("\n\n", others) + "\n\n", changed);
            }
        }
    }

    /// <summary>The object with each of its values, at any depth, replaced by each of the others.</summary>
    private static IEnumerable<string> Changed(string json)
    {
        const string Mark = "\"\u2020\"";
        var root = JsonNode.Parse(json)!;
        foreach (var (owner, key) in Values(root).ToList())
        {
            var value = owner is JsonObject o ? o[(string)key] : owner.AsArray()[(int)key];
            Set(owner, key, JsonValue.Create("\u2020"));
            var marked = root.ToJsonString(Unescaped);
            Set(owner, key, value);
            foreach (var replacement in Replacements)
            {
                yield return marked.Replace(Mark, replacement, StringComparison.Ordinal);
            }
        }
    }

    private static void Set(JsonNode owner, object key, JsonNode? value)
    {
        if (owner is JsonObject o)
        {
            o[(string)key] = value;
        }
        else
        {
            owner.AsArray()[(int)key] = value;
        }
    }

    private static IEnumerable<(JsonNode Owner, object Key)> Values(JsonNode owner)
    {
        var children = owner switch
        {
            JsonObject members => members.Select(member => (Key: (object)member.Key, member.Value)),
            JsonArray items => items.Select((item, at) => (Key: (object)at, Value: item)),
            _ => [],
        };
        foreach (var (key, value) in children.ToList())
        {
            yield return (owner, key);
            if (value is not null)
            {
                foreach (var inner in Values(value))
                {
                    yield return inner;
                }
            }
        }
    }
}
