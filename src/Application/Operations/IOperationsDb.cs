using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>The tables that Operations owns.</summary>
public interface IOperationsDb
{
    /// <summary>The endpoint catalogue.</summary>
    DbSet<Endpoint> Endpoints { get; }

    /// <summary>Which endpoints users may call, where not every one.</summary>
    DbSet<EndpointAccess> EndpointAccess { get; }

    /// <summary>The audit trail; written through <see cref="Shared.ICallJournal"/> alone.</summary>
    DbSet<AuditRecord> AuditRecords { get; }

    /// <summary>The audit trail of one user, found by that user: a condition on <see cref="AuditRecords"/> need not be.</summary>
    /// <param name="userId">The user.</param>
    IQueryable<AuditRecord> AuditRecordsOf(Guid userId);

    /// <summary>What was changed of the things that decide who may do what; written with each change.</summary>
    IQueryable<AdministrativeChange> AdministrativeChanges { get; }

    /// <summary>Reports of days, to read.</summary>
    IQueryable<UsageReport> UsageReports { get; }

    /// <summary>The chains of the audit trail; written with its records.</summary>
    DbSet<AuditChain> AuditChains { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
