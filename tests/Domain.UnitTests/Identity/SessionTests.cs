using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.UnitTests.Identity;

public sealed class SessionTests
{
    private static readonly DateTimeOffset Opened = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [TestCase(SignInMethod.EmailCode, 0, ExpectedResult = true)]
    [TestCase(SignInMethod.EmailCode, 299, ExpectedResult = true)]
    [TestCase(SignInMethod.EmailCode, 300, ExpectedResult = false)]
    [TestCase(SignInMethod.Google, 299, ExpectedResult = true)]
    [TestCase(SignInMethod.Google, 300, ExpectedResult = false)]
    [TestCase(SignInMethod.Password, 0, ExpectedResult = false)]
    public bool IsFreshProof_WhenTimePasses_EndsAfterFiveMinutesAndIsNoPassword(SignInMethod method, int seconds) =>
        Session(method).IsFreshProof(Opened.AddSeconds(seconds));

    [Test]
    public void IsFreshProof_OfARevokedSession_IsFalse()
    {
        var session = Session(SignInMethod.EmailCode);

        session.Revoke(Opened);

        Assert.That(session.IsFreshProof(Opened), Is.False);
    }

    private static Session Session(SignInMethod method) =>
        new(Guid.CreateVersion7(Opened), method, Opened, TimeSpan.FromMinutes(30));
}
