using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Shared;

internal static class DeferredIndexModel
{
    /// <summary>Numbers the rows of the tables that have a <see cref="DeferredIndex"/>, in place of their indexes by owner.</summary>
    public static void DeferIndexes(this ModelBuilder model)
    {
        model.NumberRows<AuditRecord>("ix_audit_records_user_started");
        model.NumberRows<UsageRecord>("ix_usage_records_user_created");
        model.Entity<AuditRecord>().HasIndex(record => record.Id).IsUnique().HasDatabaseName("ux_audit_records_id");
        model.Entity<UsageRecord>().HasIndex(usage => usage.RequestId).IsUnique().HasDatabaseName("ux_usage_records_request");

        // That no number of an account is used twice rests on the account itself, which counts its entries and is guarded by their count.
        model.NumberRows<LedgerEntry>();
    }

    private static void NumberRows<T>(this ModelBuilder model, string? replaced = null)
        where T : class
    {
        var entity = model.Entity<T>();
        var former = entity.Metadata.FindPrimaryKey()!;
        entity.Property<long>(DeferredIndex.Place).ValueGeneratedOnAdd();
        entity.HasKey(DeferredIndex.Place);
        entity.Metadata.RemoveKey(former);
        if (replaced is not null)
        {
            entity.Metadata.RemoveIndex(entity.Metadata.GetIndexes().Single(index => index.GetDatabaseName() == replaced));
        }
    }
}
