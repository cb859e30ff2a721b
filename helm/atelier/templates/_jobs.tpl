{{/* The enabled jobs, each over the defaults, as YAML: name → job. */}}
{{- define "atelier.jobs" -}}
{{- $jobs := dict -}}
{{- range $name, $own := .Values.jobs -}}
{{- $job := mustMergeOverwrite (deepCopy $.Values.jobDefaults) (deepCopy (default dict $own)) -}}
{{- if $job.enabled -}}
{{- if and (eq $job.kind "Job") (gt (int $job.nodes) 1) -}}
{{- fail (printf "jobs.%s has several nodes: that takes a JobSet" $name) -}}
{{- end -}}
{{- if and (eq $job.kind "JobSet") (not $job.module) -}}
{{- fail (printf "jobs.%s is a JobSet: name the Python module that torchrun runs" $name) -}}
{{- end -}}
{{- $gpu := mustMergeOverwrite (deepCopy $.Values.serviceDefaults.gpu) (deepCopy $job.gpu) -}}
{{- $_ := set $job "gpu" $gpu -}}
{{- $_ := set $jobs $name $job -}}
{{- end -}}
{{- end -}}
{{- toYaml $jobs -}}
{{- end }}

{{/* The pod of a job; with `torchrun`, one of its nodes. */}}
{{- define "atelier.jobPod" -}}
{{- $root := .root -}}
metadata:
  labels: {{- include "atelier.labels" . | nindent 4 }}
spec:
  {{- include "atelier.podSecurity" $root | nindent 2 }}
  restartPolicy: Never
  {{- if .spec.gpu.enabled }}
  {{- include "atelier.gpuScheduling" .spec.gpu | trim | nindent 2 }}
  {{- end }}
  {{- with include "atelier.initContainers" . | trim }}{{- . | nindent 2 }}{{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "atelier.image" (dict "root" $root "image" .spec.service "gpu" .spec.gpu.enabled) | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      {{- if eq .spec.kind "JobSet" }}
      command:
        - torchrun
        - --nnodes={{ .spec.nodes }}
        - --nproc-per-node={{ .spec.processesPerNode }}
        - --rdzv-backend=c10d
        - --rdzv-id={{ include "atelier.name" . }}
        - --rdzv-endpoint={{ include "atelier.name" . }}-node-0-0.{{ include "atelier.name" . }}:29500
        - --max-restarts=3
        - --module
        - {{ .spec.module }}
      {{- else }}
      {{- with .spec.command }}
      command: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- with .spec.args }}
      args: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- include "atelier.containerSecurity" $root | nindent 6 }}
      env:
        - { name: HOME, value: /tmp }
        {{- include "atelier.env" . | nindent 8 }}
      resources: {{- include "atelier.resources" .spec | nindent 8 }}
      volumeMounts:
        {{- include "atelier.mounts" . | nindent 8 }}
        - { name: data, mountPath: {{ .spec.data.mountPath }} }
        - { name: shm, mountPath: /dev/shm }
  volumes:
    {{- include "atelier.volumes" . | nindent 4 }}
    - name: data
      persistentVolumeClaim: { claimName: {{ required (printf "jobs.%s.data.claimName is needed" .component) .spec.data.claimName }} }
    - name: shm # what data loaders pass pictures through
      emptyDir: { medium: Memory, sizeLimit: 2Gi }
{{- end }}
