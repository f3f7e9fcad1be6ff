using System.Text.Json;
using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>How long a prompt is, judged by the request that carries it.</summary>
/// <param name="TextBytes">Bytes of the request without the images in it.</param>
/// <param name="Images">How many images it shows to the model.</param>
internal readonly record struct PromptMeasure(long TextBytes, int Images)
{
    /// <summary>
    /// Most tokens of one image: gpt-4o-mini counts 2,833 and 5,667 a tile, of which an image has eight at most
    /// (https://platform.openai.com/docs/guides/images-vision); every other model that is known counts fewer.
    /// </summary>
    public const int MostTokensOfImage = 50_000;

    private const int LeastBytesOfImage = 64;

    /// <summary>
    /// Most tokens of the prompt. JSON spends more bytes on each message than a model spends tokens on wrapping it, and no token
    /// stands for less than a byte.
    /// </summary>
    public long MostTokens => TextBytes + ((long)Images * MostTokensOfImage) + TokenBounds.PerPrompt;

    /// <summary>Measures a request.</summary>
    /// <param name="json">One JSON object.</param>
    public static PromptMeasure Of(ReadOnlySpan<byte> json)
    {
        var (embedded, images) = (0L, 0);
        var isImageSource = false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonMembers.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.String)
            {
                continue;
            }

            var text = reader.ValueSpan;
            if (text.Length >= LeastBytesOfImage && (text.StartsWith("data:image/"u8) || isImageSource))
            {
                embedded += text.Length;
            }
            else if (text.SequenceEqual("image_url"u8) || text.SequenceEqual("input_image"u8) || text.SequenceEqual("image"u8))
            {
                images++;
            }

            // {"type":"base64","media_type":"image/png","data":"…"}: the data follows its type.
            isImageSource = text.StartsWith("image/"u8) && text.Length < LeastBytesOfImage;
        }

        return new PromptMeasure(json.Length - embedded, images);
    }
}
