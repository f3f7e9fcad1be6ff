using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Operations;

internal sealed class EndpointConfiguration : IEntityTypeConfiguration<Endpoint>
{
    public void Configure(EntityTypeBuilder<Endpoint> builder)
    {
        builder.ToTable("endpoints", table => table.HasCheckConstraint("ck_endpoints_cost", "cost > 0"));
        builder.Property(endpoint => endpoint.Id).ValueGeneratedNever();
        builder.Property(endpoint => endpoint.Name).HasMaxLength(Endpoint.MaxNameLength);
        builder.Property(endpoint => endpoint.Path).HasMaxLength(Endpoint.MaxPathLength);
        builder.Property(endpoint => endpoint.RouteKey).HasMaxLength(100);
        builder.Property(endpoint => endpoint.Description).HasMaxLength(Endpoint.MaxDescriptionLength);
        builder.HasIndex(endpoint => endpoint.Path).IsUnique().HasDatabaseName("ux_endpoints_path");
        builder.HasIndex(endpoint => endpoint.RouteKey).IsUnique().HasDatabaseName("ux_endpoints_route_key");
        builder.HasMany(endpoint => endpoint.Prices).WithOne().HasForeignKey(price => price.EndpointId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(endpoint => endpoint.Prices).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}

internal sealed class EndpointPriceConfiguration : IEntityTypeConfiguration<EndpointPrice>
{
    public void Configure(EntityTypeBuilder<EndpointPrice> builder)
    {
        builder.ToTable("endpoint_prices", table => table.HasCheckConstraint("ck_endpoint_prices_cost", "cost > 0"));
        builder.Property(price => price.Id).ValueGeneratedNever();
    }
}

internal sealed class EndpointAccessConfiguration : IEntityTypeConfiguration<EndpointAccess>
{
    public void Configure(EntityTypeBuilder<EndpointAccess> builder)
    {
        builder.ToTable("endpoint_access");
        builder.HasKey(access => access.UserId);
        builder.Property(access => access.UserId).ValueGeneratedNever();
        builder.Property(access => access.Endpoints).HasConversion(
            ids => string.Join(' ', ids),
            text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse).ToList(),
            new ValueComparer<IReadOnlyList<Guid>>(
                (one, other) => one!.SequenceEqual(other!),
                ids => ids.Aggregate(0, (hash, id) => HashCode.Combine(hash, id)),
                ids => ids.ToList()));
    }
}

internal sealed class AuditRecordConfiguration : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("audit_records");
        builder.Property(record => record.Id).ValueGeneratedNever();
        builder.Property(record => record.CorrelationId).HasMaxLength(128);
        builder.Property(record => record.Method).HasMaxLength(AuditRecord.MaxMethodLength);
        builder.Property(record => record.Path).HasMaxLength(AuditRecord.MaxPathLength);
        builder.Property(record => record.RouteKey).HasMaxLength(AuditRecord.MaxRouteKeyLength);
        builder.Property(record => record.IpAddress).HasMaxLength(50);
        builder.Property(record => record.UserAgent).HasMaxLength(AuditRecord.MaxUserAgentLength);
        builder.Property(record => record.RequestBody).HasMaxLength(AuditRecord.MaxBodyLength);
        builder.Property(record => record.ResponseBody).HasMaxLength(AuditRecord.MaxBodyLength);
        builder.Property(record => record.Error).HasMaxLength(AuditRecord.MaxErrorLength);
        builder.Property(record => record.ChainHash).HasMaxLength(AuditDigest.HashLength).IsFixedLength();
        builder.HasIndex(record => new { record.ChainId, record.ChainSequence })
            .IsUnique()
            .HasDatabaseName("ux_audit_records_chain_sequence");
        builder.HasIndex(record => record.StartedAt).HasDatabaseName("ix_audit_records_started");
        builder.HasIndex(record => new { record.UserId, record.StartedAt }).HasDatabaseName("ix_audit_records_user_started");
    }
}

internal sealed class AuditChainConfiguration : IEntityTypeConfiguration<AuditChain>
{
    public void Configure(EntityTypeBuilder<AuditChain> builder)
    {
        builder.ToTable("audit_chains");
        builder.Property(chain => chain.Id).ValueGeneratedNever();
        builder.Property(chain => chain.LastHash).HasMaxLength(AuditDigest.HashLength).IsFixedLength();

        // A head that somebody else moved, or that a commit moved whose answer was lost, is read again and never overwritten.
        builder.Property(chain => chain.LastSequence).IsConcurrencyToken();
        builder.HasIndex(chain => new { chain.StartedAt, chain.Id }).HasDatabaseName("ix_audit_chains_started");
    }
}

internal sealed class AdministrativeChangeConfiguration : IEntityTypeConfiguration<AdministrativeChange>
{
    public void Configure(EntityTypeBuilder<AdministrativeChange> builder)
    {
        builder.ToTable("administrative_changes");
        builder.Property(change => change.Id).ValueGeneratedNever();
        builder.Property(change => change.Kind).HasMaxLength(AdministrativeChange.MaxKindLength);
        builder.Property(change => change.ResourceId).HasMaxLength(AdministrativeChange.MaxResourceIdLength);
        builder.Property(change => change.IpAddress).HasMaxLength(50);
        builder.HasIndex(change => change.ChangedAt).HasDatabaseName("ix_administrative_changes_changed");
        builder.HasIndex(change => new { change.Kind, change.ResourceId }).HasDatabaseName("ix_administrative_changes_resource");
    }
}
