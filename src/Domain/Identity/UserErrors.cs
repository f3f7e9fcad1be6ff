using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Identity;

/// <summary>What can be refused about accounts; the words are those of seed 000.</summary>
public static class UserErrors
{
    /// <summary>An administrator asked to delete the account that he is using.</summary>
    public static readonly Error CannotDeleteSelf =
        new("own_account", ErrorKind.Forbidden, "Administrators cannot delete their own accounts");

    /// <summary>The change would leave nobody to administer.</summary>
    public static readonly Error LastAdministrator =
        new("last_administrator", ErrorKind.Forbidden, "At least one active administrator is required");

    /// <summary>The account holds tokens that are neither expired nor revoked.</summary>
    public static readonly Error HasActiveTokens =
        new("active_tokens", ErrorKind.Conflict, "Cannot delete user with active tokens. Revoke all tokens first.");

    /// <summary>Another account has the address.</summary>
    public static readonly Error EmailTaken =
        new("email_taken", ErrorKind.Conflict, "A user with this email already exists");

    /// <summary>Another account has the handle.</summary>
    public static readonly Error HandleTaken =
        new("handle_taken", ErrorKind.Conflict, "Username already taken");

    /// <summary>The address is not one.</summary>
    public static readonly Error InvalidEmail = new("invalid_email", ErrorKind.BadRequest, "Invalid email format");

    /// <summary>A new account could not be stored; why is in the log alone.</summary>
    public static readonly Error NotCreated = new("user_not_created", ErrorKind.Internal, "Failed to create user");

    /// <summary>A change could not be stored; why is in the log alone.</summary>
    public static readonly Error NotUpdated = new("user_not_updated", ErrorKind.Internal, "Failed to update user");

    /// <summary>A deletion could not be stored; why is in the log alone.</summary>
    public static readonly Error NotDeleted = new("user_not_deleted", ErrorKind.Internal, "Failed to delete user");

    /// <summary>There is no such account.</summary>
    /// <param name="id">The id as the caller wrote it, of a length that can be repeated.</param>
    public static Error NotFound(string id) => new("user_not_found", ErrorKind.NotFound, $"User with ID {id} not found");
}
