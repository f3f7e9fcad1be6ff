using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Operations;

internal sealed class MessageLogConfiguration : IEntityTypeConfiguration<MessageLog>
{
    public void Configure(EntityTypeBuilder<MessageLog> builder)
    {
        builder.ToTable("message_logs");
        builder.Property(log => log.Id).ValueGeneratedNever();
        builder.Property(log => log.Username).HasMaxLength(MessageLog.MaxPersonLength);
        builder.Property(log => log.Email).HasMaxLength(MessageLog.MaxPersonLength);
        builder.Property(log => log.Model).HasMaxLength(MessageLog.MaxModelLength);
        builder.HasIndex(log => log.Time).HasDatabaseName("ix_message_logs_time");
    }
}

internal sealed class UsageReportConfiguration : IEntityTypeConfiguration<UsageReport>
{
    public void Configure(EntityTypeBuilder<UsageReport> builder)
    {
        builder.ToTable("usage_reports", table => table.HasCheckConstraint("ck_usage_reports_counts", "active_users >= 0"));
        builder.HasKey(report => report.Day);
        builder.Property(report => report.Day).ValueGeneratedNever();
    }
}
