namespace AiPlatform.Domain.Gateway;

/// <summary>
/// Puts routes into the order in which one call tries them: lower orders first, and within one order drawn by weight without
/// putting back, so that a route of twice the weight comes first twice as often and the rest of its order are its fallbacks.
/// </summary>
public static class WeightedOrder
{
    /// <summary>Orders the routes of one call.</summary>
    /// <typeparam name="T">What stands for a route.</typeparam>
    /// <param name="routes">The routes.</param>
    /// <param name="order">A route's order.</param>
    /// <param name="weight">A route's weight, above zero.</param>
    /// <param name="draw">A random number of 0 up to, but not including, what it is asked for.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> routes, Func<T, int> order, Func<T, int> weight, Func<int, int> draw)
    {
        var all = routes.ToList();
        if (all.Count < 2)
        {
            return all;
        }

        var drawn = new List<T>(all.Count);
        foreach (var group in all.GroupBy(order).OrderBy(group => group.Key))
        {
            var left = group.ToList();
            while (left.Count > 1)
            {
                var next = Next(left, weight, draw(left.Sum(weight)));
                drawn.Add(left[next]);
                left.RemoveAt(next);
            }

            drawn.AddRange(left);
        }

        return drawn;
    }

    /// <summary>The route whose share of the weights a number falls into.</summary>
    private static int Next<T>(List<T> left, Func<T, int> weight, int number)
    {
        for (var at = 0; at < left.Count - 1; at++)
        {
            number -= weight(left[at]);
            if (number < 0)
            {
                return at;
            }
        }

        return left.Count - 1;
    }
}
