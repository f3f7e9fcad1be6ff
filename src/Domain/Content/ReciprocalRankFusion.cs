namespace AiPlatform.Domain.Content;

/// <summary>
/// Joins rankings whose scores cannot be compared (Cormack, Clarke and Büttcher, SIGIR 2009): what counts is the place in
/// each list, and being in several.
/// </summary>
public static class ReciprocalRankFusion
{
    /// <summary>Dampens the lead of the first places; the value of the paper.</summary>
    public const int K = 60;

    /// <summary>Joins rankings into one, best first; equals keep the order in which the lists name them.</summary>
    /// <typeparam name="T">What is ranked.</typeparam>
    /// <param name="rankings">The lists, each best first and without repetition.</param>
    public static IReadOnlyList<T> Fuse<T>(params IReadOnlyList<T>[] rankings)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(rankings);
        var scores = new Dictionary<T, double>();
        var order = new List<T>();
        foreach (var ranking in rankings)
        {
            for (var rank = 1; rank <= ranking.Count; rank++)
            {
                var item = ranking[rank - 1];
                if (!scores.TryGetValue(item, out var score))
                {
                    order.Add(item);
                }

                scores[item] = score + (1.0 / (K + rank));
            }
        }

        return [.. order.OrderByDescending(item => scores[item])];
    }
}
