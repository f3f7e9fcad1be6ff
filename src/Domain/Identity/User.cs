using System.Globalization;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Identity;

/// <summary>A person or a machine with an account: one row whatever the surface they came in by.</summary>
public sealed class User
{
    /// <summary>Longest user name and common name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest e-mail address, in characters.</summary>
    public const int MaxEmailLength = 255;

    /// <summary>Longest comment, in characters.</summary>
    public const int MaxCommentLength = 4000;

    /// <summary>Fewest characters of a handle.</summary>
    public const int MinHandleLength = 3;

    /// <summary>Most characters of a handle.</summary>
    public const int MaxHandleLength = 30;

    /// <summary>Longest hash of a password, in characters.</summary>
    public const int MaxPasswordHashLength = 200;

    /// <summary>Longest subject of an identity provider, in characters (OpenID Connect Core 1.0, section 2).</summary>
    public const int MaxSubjectLength = 255;

    private User()
    {
        UserName = Email = string.Empty;
    }

    /// <summary>Opens an account.</summary>
    /// <param name="userName">Name as shown; 1 to <see cref="MaxNameLength"/> characters.</param>
    /// <param name="email">Address, normalised by <see cref="NormaliseEmail"/>.</param>
    /// <param name="tier">0 to 5.</param>
    /// <param name="now">The time of creation, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentOutOfRangeException">The tier does not exist.</exception>
    public User(string userName, string email, int tier, DateTimeOffset now)
    {
        Guard(tier);
        Id = Guid.CreateVersion7(now);
        UserName = userName;
        Email = NormaliseEmail(email);
        Tier = tier;
        Active = true;
        CreatedAt = ModifiedAt = now;
        Numbering = new UserNumber(Id);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Name as shown; not unique.</summary>
    public string UserName { get; private set; }

    /// <summary>Lower-case address, unique among accounts that are not deleted.</summary>
    public string Email { get; private set; }

    /// <summary>The person's everyday name.</summary>
    public string? CommonName { get; private set; }

    /// <summary>0 to 5, see <see cref="Tiers"/>.</summary>
    public int Tier { get; private set; }

    /// <summary>Whether credentials of this account are accepted.</summary>
    public bool Active { get; private set; }

    /// <summary>An administrator's note.</summary>
    public string? Comment { get; private set; }

    /// <summary>The team that the account belongs to; its budget is held for every call.</summary>
    public Guid? TeamId { get; private set; }

    /// <summary>What the account may do in its team; none outside a team.</summary>
    public TeamRole? TeamRole { get; private set; }

    /// <summary>What the account may do for others as a member of the staff; none for everybody else.</summary>
    public StaffLevel? StaffLevel { get; private set; }

    /// <summary>The name that the person signs in by besides the address; unique without regard to case.</summary>
    public string? Handle { get; private set; }

    /// <summary>The handle that is unique.</summary>
    public string? NormalisedHandle { get; private set; }

    /// <summary>What is kept of the password; <see langword="null"/> for an account that has none.</summary>
    public string? PasswordHash { get; private set; }

    /// <summary>When it was proven that the address is the person's own, UTC.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; private set; }

    /// <summary>The person at Google, where they signed in there.</summary>
    public string? GoogleSubject { get; private set; }

    /// <summary>When the person last signed in, UTC.</summary>
    public DateTimeOffset? LastSignInAt { get; private set; }

    /// <summary>The account's number, for surfaces whose ids are integers.</summary>
    public UserNumber? Numbering { get; private set; }

    /// <summary>When the account was opened, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the account last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>When the account was deleted, UTC; the row stays as the tombstone that ledger and audit point to.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Whether this account may administer now.</summary>
    public bool IsActiveAdministrator => Tier == Tiers.Administrator && Active && DeletedAt is null;

    /// <summary>One spelling an address: trimmed, lower-case, Unicode-normalised (NFKC).</summary>
    /// <param name="email">The address as typed.</param>
    public static string NormaliseEmail(string email)
    {
        var address = email.Trim();
        try
        {
            return address.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // A text with something in it that Unicode will never make a character: it has one spelling, and is nobody's address.
            return address.ToLowerInvariant();
        }
    }

    /// <summary>
    /// Whether a text is shaped like an address, of a length that can be kept, and hides nothing: a character without width, or one that
    /// is none, would make another address that looks the same.
    /// </summary>
    /// <param name="email">The address as typed.</param>
    public static bool IsEmail(string email) =>
        email.Length <= MaxEmailLength
        && NormaliseEmail(email) is { Length: <= MaxEmailLength } address
        && address.IndexOf('@', StringComparison.Ordinal) is var at and > 0
        && at < address.Length - 1
        && !address.Any(character =>
            char.IsWhiteSpace(character) || char.IsControl(character) || character is '\uFFFE' or '\uFFFF'
            || char.GetUnicodeCategory(character) is UnicodeCategory.Format);

    /// <summary>Whether a text can be a handle: 3 to 30 of A-Z, a-z, 0-9 and underscore.</summary>
    /// <param name="handle">The handle as typed.</param>
    public static bool IsHandle(string handle) =>
        handle.Length is >= MinHandleLength and <= MaxHandleLength
        && handle.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');

    /// <summary>One spelling a handle.</summary>
    /// <param name="handle">The handle as typed.</param>
    public static string NormaliseHandle(string handle) => handle.ToLowerInvariant();

    /// <summary>Changes the name as shown.</summary>
    /// <param name="userName">The new name.</param>
    /// <param name="now">The time of the change.</param>
    public void Rename(string userName, DateTimeOffset now) => Change(() => UserName = userName, now);

    /// <summary>Changes the address; nobody has proven yet that another one is the person's own.</summary>
    /// <param name="email">The new address; it is normalised here.</param>
    /// <param name="now">The time of the change.</param>
    public void ChangeEmail(string email, DateTimeOffset now)
    {
        var address = NormaliseEmail(email);
        Change(() => (Email, EmailVerifiedAt) = (address, address == Email ? EmailVerifiedAt : null), now);
    }

    /// <summary>Sets the name to sign in by.</summary>
    /// <param name="handle">The handle, see <see cref="IsHandle"/>.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">The text can be no handle.</exception>
    public void TakeHandle(string handle, DateTimeOffset now)
    {
        if (!IsHandle(handle))
        {
            throw new ArgumentException("A handle is 3 to 30 letters, digits and underscores.", nameof(handle));
        }

        Change(() => (Handle, NormalisedHandle) = (handle, NormaliseHandle(handle)), now);
    }

    /// <summary>Sets the password.</summary>
    /// <param name="hash">What is kept of it.</param>
    /// <param name="now">The time of the change.</param>
    public void SetPassword(string hash, DateTimeOffset now) => Change(() => PasswordHash = hash, now);

    /// <summary>Links the account to a person at Google.</summary>
    /// <param name="subject">Google's id of the person.</param>
    /// <param name="now">The time of the change.</param>
    public void LinkGoogle(string subject, DateTimeOffset now) => Change(() => GoogleSubject = subject, now);

    /// <summary>Notes that the person signed in.</summary>
    /// <param name="now">The time.</param>
    public void SignIn(DateTimeOffset now) => LastSignInAt = now;

    /// <summary>
    /// Notes that somebody proved that the address is theirs, by a code or at Google. Until then anybody may have registered it:
    /// the password, and a link to Google that is not the proof itself, need not be the owner's, and are dropped.
    /// </summary>
    /// <param name="method">How it was proved.</param>
    /// <param name="now">The time of the proof.</param>
    /// <exception cref="ArgumentException">The method says nothing of the address.</exception>
    /// <returns>Whether it is the first proof; then sessions, tokens and keys from before it must end as well.</returns>
    public bool ProveEmail(SignInMethod method, DateTimeOffset now)
    {
        if (method is SignInMethod.Password)
        {
            throw new ArgumentException("A password says nothing of the address.", nameof(method));
        }

        if (EmailVerifiedAt is not null)
        {
            return false;
        }

        Change(() => (EmailVerifiedAt, PasswordHash, GoogleSubject) = (now, null, method is SignInMethod.Google ? GoogleSubject : null), now);
        return true;
    }

    /// <summary>Notes that an administrator says that the address is the person's own, who is given their credentials by them.</summary>
    /// <param name="now">The time.</param>
    public void VouchForEmail(DateTimeOffset now) => Change(() => EmailVerifiedAt ??= now, now);

    /// <summary>Sets what the account may do for others.</summary>
    /// <param name="level">The level; <see langword="null"/> for none.</param>
    /// <param name="now">The time of the change.</param>
    public void SetStaffLevel(StaffLevel? level, DateTimeOffset now) => Change(() => StaffLevel = level, now);

    /// <summary>Sets the everyday name; an empty one clears it.</summary>
    /// <param name="commonName">The new name.</param>
    /// <param name="now">The time of the change.</param>
    public void SetCommonName(string? commonName, DateTimeOffset now) =>
        Change(() => CommonName = string.IsNullOrEmpty(commonName) ? null : commonName, now);

    /// <summary>Sets the note; an empty one clears it.</summary>
    /// <param name="comment">The new note.</param>
    /// <param name="now">The time of the change.</param>
    public void Annotate(string? comment, DateTimeOffset now) =>
        Change(() => Comment = string.IsNullOrEmpty(comment) ? null : comment, now);

    /// <summary>Moves the account to another tier; this month's balance stays as it is.</summary>
    /// <param name="tier">0 to 5.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tier does not exist.</exception>
    public void MoveToTier(int tier, DateTimeOffset now)
    {
        Guard(tier);
        Change(() => Tier = tier, now);
    }

    /// <summary>Moves the account to a team, or out of every team.</summary>
    /// <param name="team">The team; <see langword="null"/> for none.</param>
    /// <param name="now">The time of the change.</param>
    /// <param name="role">What the account may do there.</param>
    public void Join(Team? team, DateTimeOffset now, TeamRole role = Identity.TeamRole.ReadOnly) =>
        Change(() => (TeamId, TeamRole) = (team?.Id, team is null ? null : role), now);

    /// <summary>Sets what the account may do in its team.</summary>
    /// <param name="role">The role.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="InvalidOperationException">The account is in no team.</exception>
    public void ActAs(TeamRole role, DateTimeOffset now)
    {
        if (TeamId is null)
        {
            throw new InvalidOperationException("Outside a team there are no roles.");
        }

        Change(() => TeamRole = role, now);
    }

    /// <summary>Accepts the account's credentials again.</summary>
    /// <param name="now">The time of the change.</param>
    public void Activate(DateTimeOffset now) => SetActive(true, now);

    /// <summary>Refuses every credential of the account from now on.</summary>
    /// <param name="now">The time of the change.</param>
    public void Deactivate(DateTimeOffset now) => SetActive(false, now);

    /// <summary>Accepts or refuses every credential of the account from now on.</summary>
    /// <param name="active">Whether they are accepted.</param>
    /// <param name="now">The time of the change.</param>
    public void SetActive(bool active, DateTimeOffset now) => Change(() => Active = active, now);

    /// <summary>Deletes the account: the address is freed, the row stays as a tombstone.</summary>
    /// <param name="by">The account that deletes; nobody deletes their own.</param>
    /// <param name="now">The time of the deletion.</param>
    /// <exception cref="RefusedException">The account is that of <paramref name="by"/>.</exception>
    public void Delete(Guid by, DateTimeOffset now)
    {
        if (by == Id)
        {
            throw new RefusedException(UserErrors.CannotDeleteSelf);
        }

        Close(now);
    }

    /// <summary>Deletes the account at its owner's own wish: the address is freed, the row stays as a tombstone.</summary>
    /// <param name="now">The time of the deletion.</param>
    public void Close(DateTimeOffset now) => Change(
        () =>
        {
            Active = false;
            DeletedAt = now;
            Email = $"deleted:{Id:D}";
            (Handle, NormalisedHandle, PasswordHash, GoogleSubject) = (null, null, null, null);
        },
        now);

    private static void Guard(int tier)
    {
        if (!Tiers.Exists(tier))
        {
            throw new ArgumentOutOfRangeException(nameof(tier), tier, "A tier is 0 to 5.");
        }
    }

    private void Change(Action change, DateTimeOffset now)
    {
        change();
        ModifiedAt = now;
    }
}
