using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.UnitTests.Identity;

public sealed class AccessTokenTests
{
    private static readonly DateTimeOffset Issued = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly User Owner = new("Thandi", "thandi@example.com", 4, Issued);

    [Test]
    public void NewToken_WhenIssued_CarriesItsOwnersTierAndEndsAfterItsLifetime()
    {
        var token = Token();

        Assert.That((token.UserId, token.Tier, token.Issuer), Is.EqualTo((Owner.Id, 4, TokenIssuer.Local)));
        Assert.That((token.LifetimeSeconds, token.ExpiresAt), Is.EqualTo((3600, Issued.AddHours(1))));
        Assert.That((token.Hash, token.Prefix), Is.EqualTo(("hash", "prefix")));
    }

    [Test]
    public void Token_WhenItsOwnersTierChanges_KeepsTheTierOfItsIssue()
    {
        var owner = new User("Thandi", "thandi@example.com", 4, Issued);
        var token = new AccessToken(owner, TokenIssuer.Local, new HashedSecret("hash", "prefix"), TimeSpan.FromHours(1), Issued);

        owner.MoveToTier(1, Issued);

        Assert.That(token.Tier, Is.EqualTo(4));
    }

    [TestCase(0, ExpectedResult = true)]
    [TestCase(3599, ExpectedResult = true)]
    [TestCase(3600, ExpectedResult = false)]
    public bool IsUsable_WhenTimePasses_EndsWithTheLastSecond(int seconds) => Token().IsUsable(Issued.AddSeconds(seconds));

    [Test]
    public void Revoke_WhenRepeated_KeepsTheFirstTime()
    {
        var token = Token();

        token.Revoke(Issued.AddMinutes(1));
        token.Revoke(Issued.AddMinutes(2));

        Assert.That(token.RevokedAt, Is.EqualTo(Issued.AddMinutes(1)));
        Assert.That(token.IsUsable(Issued.AddMinutes(3)), Is.False);
    }

    [Test]
    public void GuardRefresh_WhenTheOwnerAsksInTime_LetsPass() =>
        Assert.That(() => Token().GuardRefresh(Owner.Id, Issued.AddSeconds(3599)), Throws.Nothing);

    [Test]
    public void GuardRefresh_WhenAnotherAsks_CallsTheTokenInvalid() =>
        AssertRefused(Token(), Guid.Empty, Issued, TokenErrors.CannotRefresh);

    [Test]
    public void GuardRefresh_WhenTheTokenIsExpired_SaysSo() =>
        AssertRefused(Token(), Owner.Id, Issued.AddHours(1), TokenErrors.TooLateToRefresh);

    [Test]
    public void GuardRefresh_WhenTheTokenIsRevokedAndExpired_CallsItInvalid()
    {
        var token = Token();
        token.Revoke(Issued);

        AssertRefused(token, Owner.Id, Issued.AddHours(1), TokenErrors.CannotRefresh);
    }

    [Test]
    public void Replaces_WhenATokenIsRefreshed_NotesByWhomAndFromWhichAndLeavesThatOneAlone()
    {
        var (old, refreshed) = (Token(), Token());

        refreshed.Replaces(old, Owner.Id);

        Assert.That(
            (refreshed.RegeneratedFrom, refreshed.RegeneratedBy, refreshed.RegeneratedAt),
            Is.EqualTo(((Guid?)old.Id, (Guid?)Owner.Id, (DateTimeOffset?)Issued)));
        Assert.That(old.IsUsable(Issued), Is.True);
    }

    private static void AssertRefused(AccessToken token, Guid by, DateTimeOffset now, Error error) => Assert.That(
        () => token.GuardRefresh(by, now),
        Throws.TypeOf<RefusedException>().With.Property(nameof(RefusedException.Error)).EqualTo(error));

    private static AccessToken Token() =>
        new(Owner, TokenIssuer.Local, new HashedSecret("hash", "prefix"), TimeSpan.FromHours(1), Issued);
}
