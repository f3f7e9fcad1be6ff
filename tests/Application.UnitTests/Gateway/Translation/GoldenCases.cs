using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway.Translation;

namespace AiPlatform.Application.UnitTests.Gateway.Translation;

/// <summary>
/// The pairs below <c>Golden/&lt;translation&gt;</c>. A file <c>case.what.in.json</c> becomes <c>case.what.out.json</c>, where
/// <c>what</c> is <c>request</c>, <c>answer</c> or <c>error-STATUS</c>, and <c>case.stream.in.sse</c> becomes
/// <c>case.stream.out.sse</c>. An answer and a stream follow the request of the same case, where there is one.
/// </summary>
internal static class GoldenCases
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1767225600);

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, Func<ITranslation>> Translations = new()
    {
        ["messages-over-chat"] = () => new MessagesOverChat(),
        ["chat-over-messages"] = () => new ChatOverMessages(Now, tellsUsage: true),
        ["responses-over-chat"] = () => new ResponsesOverChat(),
        ["responses-over-messages"] = () => new ChainedTranslation(new ResponsesOverChat(), new ChatOverMessages(Now, tellsUsage: true)),
    };

    public static IEnumerable<string> Names => Translations.Keys;

    public static string Folder { get; } = Path.Combine(TestContext.CurrentContext.TestDirectory, "Gateway", "Translation", "Golden");

    public static ITranslation Create(string translation) => Translations[translation]();

    /// <summary>The inputs, relative to <paramref name="folder"/>, each of which needs its output.</summary>
    /// <exception cref="FileNotFoundException">An input or an output stands alone.</exception>
    public static IEnumerable<string> InputsIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var isInput = file.Contains(".in.", StringComparison.Ordinal);
            var counterpart = isInput ? OutputOf(file) : file.Replace(".out.", ".in.", StringComparison.Ordinal);
            if (!File.Exists(counterpart))
            {
                throw new FileNotFoundException($"{file} has no counterpart.", counterpart);
            }

            if (isInput)
            {
                yield return Path.GetRelativePath(folder, file);
            }
        }
    }

    public static string OutputOf(string input) => input.Replace(".in.", ".out.", StringComparison.Ordinal);

    /// <summary>What an input becomes, as a person reads it.</summary>
    public static string Translate(string input)
    {
        var translation = Create(Path.GetDirectoryName(input)!);
        var bytes = File.ReadAllBytes(Path.Combine(Folder, input));
        var what = Path.GetFileName(input).Split('.')[1];
        if (what is not "request" && RequestOf(input) is { } request)
        {
            translation.Request(request);
        }

        return what switch
        {
            "request" => Indented(translation.Request(bytes)),
            "answer" => Indented(translation.Answer(bytes)),
            "stream" => Stream(translation.Stream(), bytes),
            _ => Indented(translation.Error(int.Parse(what["error-".Length..], CultureInfo.InvariantCulture), bytes)),
        };
    }

    /// <summary>Feeds a whole stream, event by event.</summary>
    public static string Stream(IStreamTranslation stream, ReadOnlyMemory<byte> sse)
    {
        var output = new ArrayBufferWriter<byte>();
        var name = string.Empty;
        foreach (var line in Encoding.UTF8.GetString(sse.Span).Split('\n'))
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                stream.Translate(name, Encoding.UTF8.GetBytes(line["data: ".Length..]), output);
                name = string.Empty;
            }
        }

        stream.End(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The request of a case, after which its answer is read.</summary>
    private static byte[]? RequestOf(string input)
    {
        var file = Path.Combine(Folder, Path.GetDirectoryName(input)!, Path.GetFileName(input).Split('.')[0] + ".request.in.json");
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    private static string Indented(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!.ToJsonString(Readable) + "\n";
}
