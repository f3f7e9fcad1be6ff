using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.UnitTests.Identity;

public sealed class UserTests
{
    private static readonly DateTimeOffset Opened = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Opened.AddMinutes(5);

    [Test]
    public void NewUser_WhenOpened_IsActiveAndHasANormalisedAddress()
    {
        var user = new User("Thandi", "  Thandi@Example.COM ", Tiers.Developer, Opened);

        Assert.That(user.Email, Is.EqualTo("thandi@example.com"));
        Assert.That(user.Active, Is.True);
        Assert.That(user.Id.Version, Is.EqualTo(7));
        Assert.That((user.CreatedAt, user.ModifiedAt, user.DeletedAt), Is.EqualTo((Opened, Opened, (DateTimeOffset?)null)));
    }

    [TestCase("a@example.com", ExpectedResult = true)]
    [TestCase(" A@example.com ", ExpectedResult = true)]
    [TestCase("\u0437@example.com", ExpectedResult = true)]
    [TestCase("a@", ExpectedResult = false)]
    [TestCase("a b@example.com", ExpectedResult = false)]
    [TestCase("a\u200Bb@example.com", ExpectedResult = false)]
    [TestCase("\u202Ea@example.com", ExpectedResult = false)]
    [TestCase("a\u00ADb@example.com", ExpectedResult = false)]
    [TestCase("a@exam\uFEFFple.com", ExpectedResult = false)]
    public bool IsEmail_WhenSomethingIsHiddenInIt_IsFalse(string email) => AiPlatform.Domain.Identity.User.IsEmail(email);

    [TestCase(0xFFFE)]
    [TestCase(0xFFFF)]
    public void IsEmail_WhenSomethingInItIsNoCharacter_IsFalse(int code) =>
        Assert.That(AiPlatform.Domain.Identity.User.IsEmail($"a{(char)code}b@example.com"), Is.False);

    [TestCase(-1)]
    [TestCase(6)]
    public void User_WhenTheTierDoesNotExist_IsNeitherOpenedNorMovedThere(int tier)
    {
        var user = User();

        Assert.That(() => new User("Thandi", "a@b.c", tier, Opened), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => user.MoveToTier(tier, Later), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That((user.Tier, user.ModifiedAt), Is.EqualTo((Tiers.Developer, Opened)));
    }

    [TestCase(SignInMethod.EmailCode, null)]
    [TestCase(SignInMethod.Google, "subject")]
    public void ProveEmail_ForTheFirstTime_DropsWhatAStrangerMayHaveSet(SignInMethod method, string? subject)
    {
        var user = User();
        user.SetPassword("hash", Opened);
        user.LinkGoogle("subject", Opened);

        var isFirst = user.ProveEmail(method, Later);

        Assert.That(
            (isFirst, user.EmailVerifiedAt, user.PasswordHash, user.GoogleSubject, user.ModifiedAt),
            Is.EqualTo((true, (DateTimeOffset?)Later, (string?)null, subject, Later)));
    }

    [Test]
    public void ProveEmail_OfAnAddressThatIsProvedAlready_ChangesNothing()
    {
        var user = User();
        user.ProveEmail(SignInMethod.EmailCode, Opened);
        user.SetPassword("hash", Opened);

        Assert.That((user.ProveEmail(SignInMethod.EmailCode, Later), user.PasswordHash, user.EmailVerifiedAt), Is.EqualTo((false, "hash", (DateTimeOffset?)Opened)));
    }

    [Test]
    public void ProveEmail_OfAnAddressThatAnAdministratorVouchesFor_ChangesNothing()
    {
        var user = User();
        user.SetPassword("hash", Opened);
        user.VouchForEmail(Opened);

        Assert.That((user.ProveEmail(SignInMethod.EmailCode, Later), user.PasswordHash), Is.EqualTo((false, "hash")));
    }

    [Test]
    public void ProveEmail_OfAnAddressThatReplacedAProvedOne_DropsWhatWasSetBefore()
    {
        var user = User();
        user.ProveEmail(SignInMethod.EmailCode, Opened);
        user.SetPassword("hash", Opened);
        user.ChangeEmail("somebody-else@example.com", Opened);

        Assert.That((user.ProveEmail(SignInMethod.EmailCode, Later), user.PasswordHash), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public void ProveEmail_ByAPassword_IsNoProof() =>
        Assert.That(() => User().ProveEmail(SignInMethod.Password, Later), Throws.ArgumentException);

    [Test]
    public void NormaliseEmail_WhenSpellingsDifferInCaseSpaceOrWidth_MakesThemOne()
    {
        var spellings = new[] { "a@b.c", " A@B.C\t", "\uFF21@b.c" };

        Assert.That(spellings.Select(AiPlatform.Domain.Identity.User.NormaliseEmail), Is.All.EqualTo("a@b.c"));
    }

    [Test]
    public void Change_WhenMade_NotesItsTime()
    {
        var changes = new Action<User>[]
        {
            user => user.Rename("Other", Later),
            user => user.ChangeEmail("other@example.com", Later),
            user => user.SetCommonName("Other", Later),
            user => user.MoveToTier(Tiers.Highest, Later),
            user => user.SetActive(false, Later),
            user => user.Annotate("Other", Later),
            user => user.Delete(Guid.Empty, Later),
        };

        foreach (var change in changes)
        {
            var user = User();
            change(user);
            Assert.That(user.ModifiedAt, Is.EqualTo(Later));
        }
    }

    [TestCase("")]
    [TestCase(null)]
    public void OptionalText_WhenSetToNothing_IsCleared(string? nothing)
    {
        var user = User();
        user.SetCommonName("Thandi", Opened);
        user.Annotate("note", Opened);

        user.SetCommonName(nothing, Later);
        user.Annotate(nothing, Later);

        Assert.That((user.CommonName, user.Comment), Is.EqualTo(((string?)null, (string?)null)));
    }

    [TestCase(Tiers.Administrator, true, ExpectedResult = true)]
    [TestCase(Tiers.Administrator, false, ExpectedResult = false)]
    [TestCase(Tiers.Developer, true, ExpectedResult = false)]
    public bool IsActiveAdministrator_WhenTierAndStateDiffer_NeedsBoth(int tier, bool active)
    {
        var user = new User("Thandi", "a@b.c", tier, Opened);
        user.SetActive(active, Opened);

        return user.IsActiveAdministrator;
    }

    [Test]
    public void Delete_WhenDoneByAnother_LeavesATombstoneThatFreesTheAddress()
    {
        var user = new User("Thandi", "a@b.c", Tiers.Administrator, Opened);

        user.Delete(Guid.Empty, Later);

        Assert.That(user.DeletedAt, Is.EqualTo(Later));
        Assert.That((user.Active, user.IsActiveAdministrator), Is.EqualTo((false, false)));
        Assert.That(user.Email, Is.EqualTo($"deleted:{user.Id}"));
        Assert.That(user.UserName, Is.EqualTo("Thandi"));
    }

    [Test]
    public void Delete_WhenItIsOnesOwnAccount_IsRefusedAndChangesNothing()
    {
        var user = User();

        Assert.That(
            () => user.Delete(user.Id, Later),
            Throws.TypeOf<RefusedException>().With.Property(nameof(RefusedException.Error)).EqualTo(UserErrors.CannotDeleteSelf));
        Assert.That((user.Active, user.DeletedAt, user.ModifiedAt), Is.EqualTo((true, (DateTimeOffset?)null, Opened)));
    }

    private static User User() => new("Thandi", "thandi@example.com", Tiers.Developer, Opened);
}
