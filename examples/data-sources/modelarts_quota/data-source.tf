data "modelarts_quota" "this" {}

# Warn before the notebooks run out.
check "quota" {
  assert {
    condition     = data.modelarts_quota.this.available >= 5
    error_message = "Only ${data.modelarts_quota.this.available} more notebooks can be created."
  }
}
