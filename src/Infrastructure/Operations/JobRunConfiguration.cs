using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Operations;

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("job_runs");
        builder.HasKey(run => new { run.Job, run.DueAt });
        builder.Property(run => run.Job).HasMaxLength(JobRun.MaxJobLength).IsUnicode(false);
        builder.Property(run => run.Detail).HasMaxLength(JobRun.MaxDetailLength);
    }
}
