using AiPlatform.Domain.Operations;

namespace AiPlatform.Domain.UnitTests.Operations;

public sealed class EndpointTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [TestCase("/a", "/a")]
    [TestCase("a", "/a")]
    [TestCase("  a/b ", "/a/b")]
    [TestCase("", "/")]
    public void NormalisePath_WhenTyped_IsTrimmedAndBeginsWithASlash(string typed, string expected) =>
        Assert.That(Endpoint.NormalisePath(typed), Is.EqualTo(expected));

    [Test]
    public void Endpoint_WhenAdded_IsServedAtItsFirstPrice()
    {
        var endpoint = new Endpoint("Name", "path", "Text", 3, Now);

        Assert.That((endpoint.Active, endpoint.Cost, endpoint.Path, endpoint.RouteKey), Is.EqualTo((true, 3, "/path", (string?)null)));
        Assert.That(endpoint.Prices.Select(price => price.Id), Is.EqualTo(new[] { endpoint.PriceVersionId }));
    }

    [Test]
    public void SetPrice_WhenItDiffers_AddsAVersionFromThatInstantOn()
    {
        var endpoint = new Endpoint("Name", "/path", "Text", 3, Now);

        endpoint.SetPrice(4, Now.AddDays(1));

        Assert.That(endpoint.Prices.Select(price => (price.Cost, price.EffectiveFrom)), Is.EqualTo(new[] { (3, Now), (4, Now.AddDays(1)) }));
        Assert.That((endpoint.Cost, endpoint.PriceVersionId), Is.EqualTo((4, endpoint.Prices[^1].Id)));
    }

    [Test]
    public void SetPrice_WhenItIsThePriceInForce_AddsNoVersion()
    {
        var endpoint = new Endpoint("Name", "/path", "Text", 3, Now);

        endpoint.SetPrice(3, Now.AddDays(1));

        Assert.That(endpoint.Prices, Has.Count.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(Endpoint.MaxCost + 1)]
    public void SetPrice_WhenOutOfRange_IsRefused(int cost)
    {
        var endpoint = new Endpoint("Name", "/path", "Text", 3, Now);

        Assert.That(() => endpoint.SetPrice(cost, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(endpoint.Cost, Is.EqualTo(3));
    }
}
