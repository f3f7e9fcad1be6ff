using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared.Pipeline;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class MeteredRequestTests
{
    private static readonly Type[] All = typeof(IMeteredRequest).Assembly.GetTypes();

    private static IEnumerable<Type> Requests => All.Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IMeteredRequest)));

    [TestCaseSource(nameof(Requests))]
    public void MeteredRequest_OfEveryKind_DeclaresOnceWhatItCanTakeOfAModel(Type request) =>
        Assert.That(All.Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ICallBound<>).MakeGenericType(request))), Has.Exactly(1).Items);

    [Test]
    public void MeteredRequests_WhenLookedFor_AreFound() => Assert.That(Requests.Count(), Is.GreaterThanOrEqualTo(3));
}
