using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>What the platform has written down of a call.</summary>
public static class AuditTrail
{
    public static Task<AuditRecord> AuditRecordAsync(this TestPlatform platform, Guid requestId) =>
        platform.QueryAsync(db => db.Set<AuditRecord>().SingleAsync(record => record.Id == requestId));
}
