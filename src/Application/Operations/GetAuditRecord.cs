using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using AutoMapper;
using AutoMapper.QueryableExtensions;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Reads one record of the audit trail.</summary>
/// <param name="RequestId">The call's <c>X-Request-Id</c> as the client wrote it; anything but a UUID finds nothing.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view the audit trail")]
[Refuses(typeof(GetAuditRecordHandler), nameof(GetAuditRecordHandler.NotFound))]
[OmitBodiesFromAudit]
public sealed record GetAuditRecordQuery(string RequestId) : IRequest<AuditTrailEntry>;

internal sealed class GetAuditRecordHandler(IOperationsDb db, IConfigurationProvider maps) : IRequestHandler<GetAuditRecordQuery, AuditTrailEntry>
{
    public static readonly Error NotFound = new("audit_record_not_found", ErrorKind.NotFound, "Audit record not found");

    public async Task<AuditTrailEntry> Handle(GetAuditRecordQuery query, CancellationToken cancellationToken)
    {
        var entry = Guid.TryParse(query.RequestId, out var id)
            ? await db.AuditRecords
                .Where(record => record.Id == id)
                .ProjectTo<AuditTrailEntry>(maps)
                .FirstOrDefaultAsync(cancellationToken)
            : null;
        return entry ?? throw new RefusedException(NotFound);
    }
}
