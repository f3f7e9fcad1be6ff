using AiPlatform.Domain.Gateway;

namespace AiPlatform.Domain.UnitTests.Gateway;

public sealed class WeightedOrderTests
{
    private static readonly (string Name, int Order, int Weight)[] Routes = [("fallback", 1, 1), ("a", 0, 1), ("b", 0, 3), ("c", 0, 6)];

    [TestCase(0, 0, "a b c fallback")]
    [TestCase(1, 0, "b a c fallback")]
    [TestCase(3, 1, "b c a fallback")]
    [TestCase(4, 3, "c b a fallback")]
    [TestCase(9, 0, "c a b fallback")]
    public void Of_ForTheNumbersThatAreDrawn_TakesTheRouteWhoseShareTheyFallInto(int first, int second, string expected)
    {
        var numbers = new Queue<int>([first, second]);
        var most = new List<int>();

        var order = WeightedOrder.Of(Routes, route => route.Order, route => route.Weight, limit =>
        {
            most.Add(limit);
            return numbers.Dequeue();
        });

        Assert.That(string.Join(' ', order.Select(route => route.Name)), Is.EqualTo(expected));
        Assert.That(most[0], Is.EqualTo(10), "The weights of the first order together.");
    }

    [Test]
    public void Of_ForManyDraws_SharesByWeight()
    {
        var random = new Random(20250305);

        var first = Enumerable.Range(0, 10_000)
            .Select(_ => WeightedOrder.Of(Routes, route => route.Order, route => route.Weight, random.Next)[0].Name)
            .CountBy(name => name)
            .ToDictionary();

        Assert.That(first.Keys, Is.EquivalentTo(new[] { "a", "b", "c" }));
        Assert.That(first["a"], Is.InRange(850, 1_150));
        Assert.That(first["b"], Is.InRange(2_800, 3_200));
    }

    [Test]
    public void Of_WhenEveryRouteHasItsOwnOrder_DrawsNothing() =>
        Assert.That(
            WeightedOrder.Of([2, 0, 1], order => order, _ => 5, _ => throw new InvalidOperationException("Nothing is to be drawn.")),
            Is.EqualTo(new[] { 0, 1, 2 }));
}
