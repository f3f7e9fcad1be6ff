using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.UnitTests.Shared;

public sealed class EntityIdsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddMilliseconds(0x0192_3456_789A);

    [Test]
    public void New_WhenMade_IsAUuidOfVersionSevenThatBeginsWithItsTime()
    {
        var id = EntityIds.New(Now);

        Assert.That(id.Version, Is.EqualTo(7));
        Assert.That(id.Variant, Is.InRange(8, 11));
        Assert.That(id.ToString("N"), Does.StartWith("01923456789a"));
    }

    [Test]
    public void New_WhenManyAreMadeAtOneInstantByManyThreads_MakesEachOnce()
    {
        var ids = ParallelEnumerable.Range(0, 20_000).Select(_ => EntityIds.New(Now)).ToHashSet();

        Assert.That(ids, Has.Count.EqualTo(20_000));
    }
}
