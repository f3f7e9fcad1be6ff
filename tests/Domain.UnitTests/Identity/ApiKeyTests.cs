using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.UnitTests.Identity;

public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Made = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void NewKey_WhenMade_KeepsOnlyWhatIsKeptOfASecret()
    {
        var owner = Guid.CreateVersion7(Made);

        var key = new ApiKey(owner, ApiKeyKind.Uuid, new HashedSecret("hash", "prefix"), Made);

        Assert.That((key.UserId, key.Kind, key.Hash, key.Prefix), Is.EqualTo((owner, ApiKeyKind.Uuid, "hash", "prefix")));
        Assert.That((key.CreatedAt, key.RevokedAt), Is.EqualTo((Made, (DateTimeOffset?)null)));
    }

    [Test]
    public void Revoke_WhenRepeated_KeepsTheFirstTime()
    {
        var key = new ApiKey(Guid.Empty, ApiKeyKind.Uuid, new HashedSecret("hash", "prefix"), Made);

        key.Revoke(Made.AddMinutes(1));
        key.Revoke(Made.AddMinutes(2));

        Assert.That(key.RevokedAt, Is.EqualTo(Made.AddMinutes(1)));
    }
}
