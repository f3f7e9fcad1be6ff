namespace AiPlatform.Domain.Identity;

/// <summary>What an account was when it was deleted; written with the deletion, and never changed.</summary>
public sealed class UserBackup
{
    private UserBackup()
    {
        Email = Row = string.Empty;
    }

    /// <summary>Keeps an account that is about to be deleted.</summary>
    /// <param name="user">The account, as it still is.</param>
    /// <param name="row">Its row as JSON, without secrets.</param>
    /// <param name="deletedBy">Who deletes it.</param>
    /// <param name="now">The time of the deletion.</param>
    public UserBackup(User user, string row, Guid deletedBy, DateTimeOffset now)
    {
        (UserId, Username, Email, Row) = (user.Id, user.Handle, user.Email, row);
        (DeletedBy, DeletedAt) = (deletedBy, now);
    }

    /// <summary>The account.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The handle that is free again.</summary>
    public string? Username { get; private set; }

    /// <summary>The address that is free again.</summary>
    public string Email { get; private set; }

    /// <summary>The row as JSON, without secrets.</summary>
    public string Row { get; private set; }

    /// <summary>Who deleted the account.</summary>
    public Guid DeletedBy { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset DeletedAt { get; private set; }
}
