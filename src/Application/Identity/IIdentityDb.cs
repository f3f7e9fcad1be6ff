using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Application.Identity;

/// <summary>The tables that Identity owns.</summary>
public interface IIdentityDb
{
    /// <summary>Accounts, deleted ones included.</summary>
    DbSet<User> Users { get; }

    /// <summary>API keys.</summary>
    DbSet<ApiKey> ApiKeys { get; }

    /// <summary>Issued access tokens.</summary>
    DbSet<AccessToken> AccessTokens { get; }

    /// <summary>Teams.</summary>
    DbSet<Team> Teams { get; }

    /// <summary>What people say of themselves.</summary>
    DbSet<PersonProfile> Profiles { get; }

    /// <summary>What deleted accounts were.</summary>
    DbSet<UserBackup> UserBackups { get; }

    /// <summary>Sign-ins.</summary>
    DbSet<Session> Sessions { get; }

    /// <summary>What prolongs sessions.</summary>
    DbSet<RefreshToken> RefreshTokens { get; }

    /// <summary>Codes on their way to somebody's mail.</summary>
    DbSet<EmailCode> EmailCodes { get; }

    /// <summary>Failed sign-ins.</summary>
    DbSet<SignInThrottle> SignInThrottles { get; }

    /// <summary>Keys that sign session tokens.</summary>
    DbSet<SigningKey> SigningKeys { get; }

    /// <summary>
    /// Begins a transaction in which nobody else changes who administers: the rows of all active administrators are locked
    /// until it ends, in every process, so that what is read of them afterwards still holds at the commit.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The transaction; it is rolled back unless it is committed.</returns>
    Task<IDbContextTransaction> LockAdministratorsAsync(CancellationToken cancellationToken);

    /// <summary>Revokes every usable token of an account; in force everywhere within a second.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="now">The time of the revocation.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <returns>How many were usable.</returns>
    Task<int> RevokeTokensAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
