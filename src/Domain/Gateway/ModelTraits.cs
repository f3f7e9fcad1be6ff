namespace AiPlatform.Domain.Gateway;

/// <summary>What is said of a model besides its names and its routes.</summary>
/// <param name="Family">Models that are asked in the same way share one.</param>
/// <param name="Capabilities">What it can be asked to do; at least one, each once.</param>
public sealed record ModelTraits(string Family, IReadOnlyList<ModelCapability> Capabilities)
{
    /// <summary>Longest family and longest name of a field, in characters.</summary>
    public const int MaxWordLength = 100;

    /// <summary>Highest number of tokens that is believed.</summary>
    public const int MaxTokens = 10_000_000;

    /// <summary>Highest speed (tokens a second) and highest latency (seconds) that are believed.</summary>
    public const double MaxMeasure = 100_000;

    /// <summary>Most tokens of an answer where nobody says how many a model can write.</summary>
    public const int DefaultMaxAnswerTokens = 8192;

    /// <summary>Most tokens of a prompt and its answer together; <see langword="null"/> where it is not known.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Most tokens of an answer, those of its reasoning included.</summary>
    public int MaxAnswerTokens { get; init; } = DefaultMaxAnswerTokens;

    /// <summary>The field that limits the answer's length; reasoning models know only <c>max_completion_tokens</c>.</summary>
    public string OutputLimitField { get; init; } = "max_tokens";

    /// <summary>How good its answers are, 0 to 100; <see langword="null"/> where nobody measured.</summary>
    public double? QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk of the answer, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianFirstChunkSeconds { get; init; }

    /// <summary>Guards the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Guard()
    {
        Require(Family.Trim().Length is > 0 and <= MaxWordLength, nameof(Family));
        Require(Capabilities.Count > 0 && Capabilities.Distinct().Count() == Capabilities.Count && Capabilities.All(Enum.IsDefined), nameof(Capabilities));
        Require(ContextWindow is null or (> 0 and <= MaxTokens), nameof(ContextWindow));
        Require(MaxAnswerTokens is > 0 and <= MaxTokens, nameof(MaxAnswerTokens));
        Require(OutputLimitField is "max_tokens" or "max_completion_tokens", nameof(OutputLimitField));
        Require(QualityIndex is null or (>= 0 and <= 100), nameof(QualityIndex));
        Require(MedianTokensPerSecond is null or (> 0 and <= MaxMeasure), nameof(MedianTokensPerSecond));
        Require(MedianFirstChunkSeconds is null or (>= 0 and <= MaxMeasure), nameof(MedianFirstChunkSeconds));
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"{what} is out of range.", what);
        }
    }
}
