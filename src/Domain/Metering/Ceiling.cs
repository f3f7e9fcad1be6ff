namespace AiPlatform.Domain.Metering;

/// <summary>
/// The most that a call may take of one account: a fixed part, and a part for each token of its answer. Kept in millionths of
/// the meter's smallest unit, because prices are stated per million tokens, so that nothing is rounded before the end.
/// </summary>
/// <param name="Fixed">What is taken whatever the answer, in millionths; zero or more.</param>
/// <param name="PerToken">What each token of the answer takes, in millionths; zero or more.</param>
public readonly record struct Ceiling(Int128 Fixed, long PerToken)
{
    /// <summary>Millionths in one smallest unit.</summary>
    public const long Millionths = 1_000_000;

    /// <summary>A price that is known beforehand.</summary>
    /// <param name="amount">In the meter's smallest unit, zero or more.</param>
    public static Ceiling Of(long amount) => new((Int128)amount * Millionths, 0);

    /// <summary>What a call takes of an account that counts tokens.</summary>
    /// <param name="promptTokens">Most tokens of the prompt.</param>
    public static Ceiling OfTokens(long promptTokens) => new((Int128)promptTokens * Millionths, Millionths);

    /// <summary>A ceiling over this one and another: whichever of the two calls is made takes no more.</summary>
    /// <param name="other">The other.</param>
    public Ceiling Over(Ceiling other) => new(Int128.Max(Fixed, other.Fixed), Math.Max(PerToken, other.PerToken));

    /// <summary>The amount for an answer of so many tokens, rounded up to the next smallest unit.</summary>
    /// <param name="answerTokens">Tokens of the answer, zero or more.</param>
    /// <exception cref="OverflowException">The amount is more than an account can hold.</exception>
    public long At(long answerTokens) => RoundUp(Fixed + ((Int128)PerToken * answerTokens));

    /// <summary>Most tokens of an answer that <paramref name="available"/> pays.</summary>
    /// <param name="available">What the account can still hold.</param>
    /// <param name="most">Most tokens that are wanted.</param>
    /// <returns>Zero to <paramref name="most"/>; −1 where not even the fixed part is paid.</returns>
    public long MostAnswerTokens(long available, long most)
    {
        var left = ((Int128)available * Millionths) - Fixed;
        if (left < 0)
        {
            return -1;
        }

        return PerToken == 0 ? most : (long)Int128.Min(most, left / PerToken);
    }

    /// <summary>Millionths as whole smallest units, rounded up, so that a part of a unit is never given away.</summary>
    /// <param name="millionths">Zero or more.</param>
    internal static long RoundUp(Int128 millionths) => checked((long)((millionths + Millionths - 1) / Millionths));
}
