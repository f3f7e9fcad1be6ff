using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
