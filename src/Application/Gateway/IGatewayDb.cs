using AiPlatform.Domain.Gateway;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>The tables that the Gateway owns. Kept answers are reached through <see cref="Caching.IAnswerCache"/> alone.</summary>
public interface IGatewayDb
{
    /// <summary>The models, retired ones included.</summary>
    DbSet<AiModel> Models { get; }

    /// <summary>Every name that finds a model.</summary>
    DbSet<ModelName> ModelNames { get; }

    /// <summary>What administrators did to models.</summary>
    DbSet<AiModelChange> ModelChanges { get; }

    /// <summary>Which models users and API keys may ask.</summary>
    DbSet<ModelAllowance> ModelAllowances { get; }

    /// <summary>For which API keys answers may be given again.</summary>
    DbSet<AnswerCacheRule> AnswerCacheRules { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
