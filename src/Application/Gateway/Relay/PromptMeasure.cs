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

    /// <summary>The window of a model whose own is not known: above GPT-4.1's, one of the largest (1,047,576 tokens).</summary>
    public const int LargestWindow = 1_050_000;

    /// <summary>How many texts a request of OpenAI's older form asks to go on with; 1 for every other.</summary>
    public int Prompts { get; init; } = 1;

    /// <summary>
    /// Whether the model reads something that the request only names: a stored conversation, a file, what a provider's own tool
    /// finds. Nobody can tell its length beforehand.
    /// </summary>
    public bool RefersElsewhere { get; init; }

    /// <summary>
    /// Most tokens of the prompt. JSON spends more bytes on each message than a model spends tokens on wrapping it, and no token
    /// stands for less than a byte. What is read from elsewhere is bounded by the model's window.
    /// </summary>
    /// <param name="window">Tokens of the model's window, where they are known.</param>
    public long MostTokens(int? window)
    {
        var own = TextBytes + ((long)Images * MostTokensOfImage) + TokenBounds.PerPrompt;
        return RefersElsewhere ? Math.Max(own, window ?? LargestWindow) : own;
    }

    /// <summary>Measures a request.</summary>
    /// <param name="json">One JSON object.</param>
    public static PromptMeasure Of(ReadOnlySpan<byte> json) => new PromptScan().Read(json);
}
