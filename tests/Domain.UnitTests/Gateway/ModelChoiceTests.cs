using AiPlatform.Domain.Gateway;

namespace AiPlatform.Domain.UnitTests.Gateway;

/// <summary>Vectors computed by hand.</summary>
public sealed class ModelChoiceTests
{
    // Scaled: cheap (0, 0, 0), middle (0.5, 0.5, 0.25), dear (1, 1, 1), odd (0.2, 0.8, 0.5).
    private static readonly ChoiceRow[] Table =
    [
        new("cheap", 1, 40, 0.2),
        new("middle", 6, 60, 0.4),
        new("dear", 11, 80, 1.0),
        new("odd", 3, 72, 0.6),
    ];

    [Test]
    public void Nearest_WhenNothingIsWanted_TakesTheMiddleOfTheTable()
    {
        var ranked = Choose(new ChoicePoint());

        // middle: sqrt(0 + 0 + 0.0625); odd: sqrt(0.09 + 0.09 + 0); cheap and dear: sqrt(0.75), of which cheap is the cheaper.
        Assert.That(ranked.Select(model => model.Name), Is.EqualTo(new[] { "middle", "odd", "cheap" }));
        Assert.That(ranked.Select(model => model.Distance), Is.EqualTo(new[] { 0.25, 0.424264068711929, 0.866025403784439 }).Within(1e-12));
        Assert.That((ranked[1].Cost, ranked[1].Performance, ranked[1].Latency), Is.EqualTo((0.2, 0.8, 0.5)).Using<(double, double, double)>(
            (one, other) => Math.Abs(one.Item1 - other.Item1) + Math.Abs(one.Item2 - other.Item2) + Math.Abs(one.Item3 - other.Item3) < 1e-12));
    }

    [TestCase(0, 0, 0, "cheap middle odd")]
    [TestCase(1, 1, 1, "dear odd middle")]
    [TestCase(0, 1, 0, "odd middle cheap")]
    [TestCase(0, 1, 0.5, "odd middle cheap")]
    public void Nearest_ForAPoint_RanksByDistance(double cost, double performance, double latency, string expected) =>
        Assert.That(string.Join(' ', Choose(new ChoicePoint(cost, performance, latency)).Select(model => model.Name)), Is.EqualTo(expected));

    [Test]
    public void Nearest_WhenAModelCannotBeUsed_NamesTheNextOnTheSameScale()
    {
        var ranked = ModelChoice.Nearest(new ChoicePoint(), Table, name => name != "middle");

        Assert.That(ranked.Select(model => model.Name), Is.EqualTo(new[] { "odd", "cheap", "dear" }));
        Assert.That(ranked[0].Cost, Is.EqualTo(0.2).Within(1e-12));
    }

    [Test]
    public void Nearest_WhenAColumnIsConstant_DoesNotCountIt()
    {
        ChoiceRow[] table = [new("a", 2, 50, 1), new("b", 2, 70, 1)];

        var ranked = ModelChoice.Nearest(new ChoicePoint(1, 1, 1), table, _ => true);

        Assert.That(ranked.Select(model => (model.Name, model.Distance, model.Cost, model.Latency)), Is.EqualTo(new[] { ("b", 0.0, 0.0, 0.0), ("a", 1.0, 0.0, 0.0) }));
    }

    [Test]
    public void Nearest_WhenTwoAreEquallyFar_TakesTheCheaperThenTheName()
    {
        ChoiceRow[] table = [new("z", 1, 50, 1), new("b", 3, 50, 1), new("a", 3, 50, 1)];

        Assert.That(ModelChoice.Nearest(new ChoicePoint(), table, _ => true).Select(model => model.Name), Is.EqualTo(new[] { "z", "a", "b" }));
    }

    [Test]
    public void Nearest_WhenQualityIsNotMeasured_CountsItAsTheMean()
    {
        ChoiceRow[] table = [new("low", 1, 20, 1), new("unknown", 1, null, 1), new("high", 1, 80, 1)];

        Assert.That(ModelChoice.Nearest(new ChoicePoint(), table, _ => true)[0], Is.EqualTo(new RankedModel("unknown", 0, 0, 0.5, 0)));
    }

    [Test]
    public void Nearest_WhenTheTableIsEmptyOrThePointOutsideIt_NamesNothing()
    {
        Assert.That(ModelChoice.Nearest(new ChoicePoint(), [], _ => true), Is.Empty);
        Assert.That(ModelChoice.Nearest(new ChoicePoint(), Table, _ => false), Is.Empty);
        Assert.That(() => Choose(new ChoicePoint(1.1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Choose(new ChoicePoint(double.NaN)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static IReadOnlyList<RankedModel> Choose(ChoicePoint point) => ModelChoice.Nearest(point, Table, _ => true);
}
